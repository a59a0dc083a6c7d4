import Basics
import Categories
import Databases
import Finance
import HTTP
import JSON
import Jobs
import Store

/// What people want done with rows of a kind: tried out before it is kept, applied to the past, and taken back.
extension Interface {
  var ruleOperations: [Operation] {
    [listRules, createRule, editRule, deleteRule, previewRule, applyRule, listRuleRuns, undoRuleRun]
  }

  private static let id = Parameter.path("id", .id(RuleName.self))

  private var listRules: Operation {
    Operation(
      "listRules", .get, "/v1/rules", .filing, "List rules, in the order in which they are asked",
      needs: .household(.read, .viewer),
      answers: [.json(200, .whole(Wire.ruleShape), "All of them.", example: ["data": [Wire.ruleExample]])]
    ) { call in
      let banks = try banks(for: call)
      let rules = try await banks.reading { [scope = banks.scope] in try Rules.all(scope, $0) }
      return .json(200, ["data": .array(rules.map(Wire.rule))])
    }
  }

  private var createRule: Operation {
    Operation(
      "createRule", .post, "/v1/rules", .filing, "Make a rule", needs: .household(.write, .member),
      body: .json(Wire.newRuleShape, example: Wire.newRuleExample),
      answers: [
        .json(
          201, Wire.ruleShape, "The rule.", headers: [("Location", "Where it is.")], example: Wire.ruleExample)
      ],
      problems: [.tooManyThings]
    ) { call in
      let banks = try banks(for: call)
      return try await call.stroke(banks) { _, session in
        let (scope, world) = (banks.scope, banks.world)
        guard try Rules.all(scope, session).count < Rules.rulesMax else { throw ProblemKind.tooManyThings.problem() }
        let position = try Rules.nextPosition(scope, session)
        let rule = try Self.rule(world.newID(), call.body, position: position)
        try Rules.keep(rule, now: world.now(), scope, session)
        try Events.tell("rules.changed", now: world.now(), scope, session)
        return Call.shown(Wire.rule(rule), status: 201, at: "/v1/rules/\(rule.id)")
      }
    }
    .saying("It is asked about rows that come from now on. Rows that are there: apply it.").repeatable()
  }

  private var editRule: Operation {
    Operation(
      "editRule", .put, "/v1/rules/{id}", .filing, "Write a rule over", needs: .household(.write, .member),
      parameters: [Self.id, .ifMatch], body: .json(Wire.newRuleShape, example: Wire.newRuleExample),
      answers: [.json(200, Wire.ruleShape, "The rule as it is now.", example: Wire.ruleExample)],
      problems: [.ruleUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<RuleName> = try call.id()
      return try await call.stroke(banks) { _, session in
        guard let old = try Rules.find(id, banks.scope, session) else { throw ProblemKind.ruleUnknown.problem() }
        try call.check(ifMatch: Wire.rule(old))
        let rule = try Self.rule(id, call.body, position: old.position)
        try Rules.keep(rule, now: banks.world.now(), banks.scope, session)
        try Events.tell("rules.changed", now: banks.world.now(), banks.scope, session)
        return Call.shown(Wire.rule(rule))
      }
    }
  }

  private var deleteRule: Operation {
    Operation(
      "deleteRule", .delete, "/v1/rules/{id}", .filing, "Delete a rule", needs: .household(.write, .member),
      parameters: [Self.id], answers: [.empty("It is gone; what it did stays.")], problems: [.ruleUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<RuleName> = try call.id()
      return try await call.stroke(banks) { _, session in
        guard try Rules.delete(id, banks.scope, session) else { throw ProblemKind.ruleUnknown.problem() }
        try Events.tell("rules.changed", now: banks.world.now(), banks.scope, session)
        return Response(204)
      }
    }
  }

  private var previewRule: Operation {
    Operation(
      "previewRule", .post, "/v1/rules/preview", .filing, "Try a rule out on what is there",
      needs: .household(.read, .viewer), body: .json(Wire.newRuleShape, example: Wire.newRuleExample),
      answers: [.json(200, Wire.previewShape, "What it would do.", example: Wire.previewExample)]
    ) { call in
      let banks = try banks(for: call)
      let rule = try Self.rule(banks.world.newID(), call.body, position: 0)
      let preview = try await banks.reading { [scope = banks.scope] in try RuleRuns.preview(rule, scope, $0) }
      return .json(200, Wire.preview(preview))
    }
    .saying("Nothing is kept.")
  }

  private var applyRule: Operation {
    Operation(
      "applyRule", .post, "/v1/rules/{id}/apply", .filing, "Apply a rule to what is there",
      needs: .household(.write, .admin), parameters: [Self.id],
      answers: [.json(201, Wire.ruleRunShape, "What it did.", example: Wire.ruleRunExample)], problems: [.ruleUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<RuleName> = try call.id()
      let response = try await call.stroke(banks) { _, session in
        guard let rule = try Rules.find(id, banks.scope, session) else { throw ProblemKind.ruleUnknown.problem() }
        let (scope, world) = (banks.scope.wholeHousehold, banks.world)
        let begun = try RuleRuns.begin(rule, world: world, scope, session)
        let run = try RuleRuns.step(begun.id, world: world, scope, session) ?? begun
        if run.finishedAt == nil {
          let job = NewJob(
            .recategorize, run.id.description, household: ID(bits: scope.household.bits), priority: .person)
          try JobQueue.add(job, id: world.newID(), now: world.now(), session)
        }
        return .json(201, Wire.ruleRun(run))
      }
      banks.bell.ring()
      return response
    }
    .saying(
      """
      Rows that somebody filed themselves stay where they are. The first thousand rows are done when this answers, the \
      others by a job: `finished_at` is null until then.
      """
    )
    .repeatable()
  }

  private var listRuleRuns: Operation {
    Operation(
      "listRuleRuns", .get, "/v1/rule-runs", .filing, "List when rules were applied, the latest first",
      needs: .household(.read, .viewer),
      answers: [.json(200, .whole(Wire.ruleRunShape), "The last hundred.", example: ["data": [Wire.ruleRunExample]])]
    ) { call in
      let banks = try banks(for: call)
      let runs = try await banks.reading { [scope = banks.scope] in try RuleRuns.log(limit: 100, scope, $0) }
      return .json(200, ["data": .array(runs.map(Wire.ruleRun))])
    }
  }

  private var undoRuleRun: Operation {
    Operation(
      "undoRuleRun", .post, "/v1/rule-runs/{id}/undo", .filing, "Take back what a rule did to what was there",
      needs: .household(.write, .admin), parameters: [.path("id", .id(RuleRunName.self))],
      answers: [.empty("It is taken back.")],
      problems: [.ruleRunUnknown, .ruleRunGoesOn, .changeUndone, .changeStoodOn]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<RuleRunName> = try call.id()
      return try await call.stroke(banks) { _, session in
        do {
          try RuleRuns.undo(id, world: banks.world, banks.scope.wholeHousehold, session)
        } catch RuleRuns.Failure.unknown {
          throw ProblemKind.ruleRunUnknown.problem()
        } catch RuleRuns.Failure.alreadyUndone {
          throw ProblemKind.changeUndone.problem()
        } catch RuleRuns.Failure.goesOn {
          throw ProblemKind.ruleRunGoesOn.problem()
        }
        return Response(204)
      }
    }
    .saying("Rows that were filed elsewhere since stay where they are.")
  }

  /// - Throws: 422 with what is wrong in the definition.
  private static func rule(_ id: ID<RuleName>, _ body: Fields, position: Int) throws -> Rule {
    let name: String = try body.required("name")
    do {
      return try RuleCodec.rule(
        id, name: name, position: body["position"] ?? position, isOn: body["on"] ?? true, definition: body.object)
    } catch {
      throw Problem.invalid(error.all)
    }
  }
}

extension ProblemKind {
  static let ruleUnknown = ProblemKind(404, "rule.not_found", "There is no such rule.", "Look at the list of rules.")
  static let ruleRunGoesOn = ProblemKind(
    409, "rule_run.goes_on", "The rule is still being applied.", "Wait until the run has finished_at.")
  static let ruleRunUnknown = ProblemKind(
    404, "rule_run.not_found", "There is no such run of a rule.", "Look at the list of runs.")
}
