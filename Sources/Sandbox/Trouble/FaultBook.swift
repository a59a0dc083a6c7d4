import Basics
import JSON

/// Faults that wait for the calls they were meant for.
struct FaultBook: Sendable {
  /// One order of a tester's. Left-out conditions hold for every call.
  struct Rule: Sendable {
    var number: Int
    var fault: Fault
    var text: String
    var endpoint: String?
    var institution: String?
    var item: String?
    /// How often it still happens; nil: until it is taken back.
    var remaining: Int?
    /// Of the calls it is meant for, so many in a hundred.
    var percent: Int
    var draws = 0
  }

  private(set) var rules: [Rule] = []
  private var count = 0

  mutating func add(_ rule: Rule) -> Int {
    count += 1
    var rule = rule
    rule.number = count
    rules.append(rule)
    return count
  }

  mutating func remove(_ number: Int?) {
    rules.removeAll { number == nil || $0.number == number }
  }

  /// The faults that strike a call. Draws follow from the seed and the number of calls, so a run can be repeated.
  mutating func strike(endpoint: String, institution: String?, item: String?, naming: Naming) -> [Fault] {
    guard !rules.isEmpty else { return [] }
    var faults: [Fault] = []
    for index in rules.indices {
      let rule = rules[index]
      guard rule.endpoint == nil || rule.endpoint == endpoint,
        rule.institution == nil || rule.institution == institution,
        rule.item == nil || rule.item == item, rule.remaining != 0
      else { continue }
      rules[index].draws += 1
      let draw = naming.number("fault", String(rule.number), String(rule.draws)) % 100
      guard draw < UInt64(rule.percent) else { continue }
      if let remaining = rule.remaining { rules[index].remaining = remaining - 1 }
      faults.append(rule.fault)
    }
    rules.removeAll { $0.remaining == 0 }
    return faults
  }
}
