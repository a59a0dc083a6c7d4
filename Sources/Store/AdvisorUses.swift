package import Basics
package import Databases
package import Finance

/// A question that somebody put to the model.
package enum AdvisorUse: Identified {
  package static let idPrefix = "ask"
}

/// What a question cost: words of a model are counted in tokens, and paid for by whoever runs it. What was asked and
/// answered is not kept.
package struct StoredAdvisorUse: Sendable, Equatable {
  package var id: ID<AdvisorUse>
  package var person: ID<User>
  package var at: Timestamp
  package var model: String
  package var level: String
  package var promptTokens: Int
  package var completionTokens: Int
  /// How often the model looked something up.
  package var lookUps: Int
  /// `answered`, or the code of what went wrong.
  package var outcome: String

  package init(
    id: ID<AdvisorUse>, person: ID<User>, at: Timestamp, model: String, level: String, promptTokens: Int = 0,
    completionTokens: Int = 0, lookUps: Int = 0, outcome: String
  ) {
    self.id = id
    self.person = person
    self.at = at
    self.model = model
    self.level = level
    self.promptTokens = promptTokens
    self.completionTokens = completionTokens
    self.lookUps = lookUps
    self.outcome = outcome
  }
}

package enum AdvisorUses {
  package static func add(_ use: StoredAdvisorUse, _ scope: Scope, _ session: any Session) throws {
    try session.execute(
      """
      INSERT INTO advisor_use (household_id, id, person_id, at, model, level, prompt_tokens, completion_tokens, look_ups,
        outcome)
      VALUES (\(scope.household), \(use.id), \(use.person), \(use.at), \(use.model), \(use.level), \(use.promptTokens),
        \(use.completionTokens), \(use.lookUps), \(use.outcome))
      """)
  }

  /// One's own, the newest first.
  package static func latest(limit: Int, _ scope: Scope, _ session: any Session) throws -> [StoredAdvisorUse] {
    try session.query(
      """
      SELECT id, person_id, at, model, level, prompt_tokens, completion_tokens, look_ups, outcome FROM advisor_use
      WHERE household_id = \(scope.household) AND person_id = \(scope.user) ORDER BY at DESC, id DESC LIMIT \(limit)
      """
    ) { row in
      StoredAdvisorUse(
        id: try row(0), person: try row(1), at: try row(2), model: try row(3), level: try row(4),
        promptTokens: try row(5), completionTokens: try row(6), lookUps: try row(7), outcome: try row(8))
    }
  }

  /// How often the household asked since a moment, and the tokens of it.
  package static func sum(
    since: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> (asked: Int, promptTokens: Int, completionTokens: Int) {
    try session.first(
      """
      SELECT COUNT(*), CAST(COALESCE(SUM(prompt_tokens), 0) AS bigint),
        CAST(COALESCE(SUM(completion_tokens), 0) AS bigint)
      FROM advisor_use WHERE household_id = \(scope.household) AND at >= \(since)
      """
    ) { (try $0(0), try $0(1), try $0(2)) } ?? (0, 0, 0)
  }
}
