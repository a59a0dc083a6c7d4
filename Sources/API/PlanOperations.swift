import Basics
import Crypto
import Databases
import Finance
import HTTP
import Insights
import JSON
import Store

extension ProblemKind {
  static let calendarUnknown = ProblemKind(
    404, "calendar.unknown", "There is no calendar here.", "Make a new address.")
}

/// What a household plans: budgets, goals, the calendar of what is due; and what its currencies are worth.
extension Interface {
  var planOperations: [Operation] { budgetOperations + goalOperations + rateOperations + calendarOperations }

  private var budgetOperations: [Operation] {
    [
      Operation(
        "listBudgets", .get, "/v1/budgets", .insights, "Show budgets and how they stand this month",
        needs: .household(.read, .viewer),
        answers: [
          .json(
            200, .whole(Wire.budgetShape, and: [.required("inputs", Wire.inputsShape)]), "By category.",
            example: ["data": [Wire.budgetExample], "inputs": Wire.inputsExample("2026-01-01", "2026-03-31")])
        ]
      ) { call in
        try await insight(call) { ground, scope, session in
          let (standings, inputs) = try BudgetStanding.board(ground, scope, session)
          return ["data": .array(standings.map(Wire.budget)), "inputs": Wire.inputs(inputs)]
        }
      },
      Operation(
        "setBudget", .put, "/v1/budgets/{code}", .insights, "Set the budget of a category",
        needs: .household(.write, .member), parameters: [.path("code", .token), .ifMatch],
        body: .json(
          .object([
            .required("amount", .decimal), .optional("rollover", .word(StoredBudget.Rollover.self)),
            .optional("starts_on", .day),
          ]), example: ["amount": "400.00", "rollover": "surplus", "starts_on": "2026-01-01"]),
        answers: [.json(200, Wire.budgetShape, "The budget.", example: Wire.budgetExample)]
      ) { call in
        let category: String = try call.path.required("code")
        let text: String = try call.body.required("amount")
        let rollover = StoredBudget.Rollover(rawValue: call.body["rollover"] ?? "none") ?? .none
        let starts: CalendarDate? = call.body["starts_on"]
        let banks = try banks(for: call)
        let (now, id): (Timestamp, ID<Budget>) = (banks.world.now(), banks.world.newID())
        let standing = try await banks.database.write { [scope = banks.scope] session in
          let ground = try Ground.read(now: now, scope, session)
          guard try Categories.find(category, scope, session) != nil else { throw Problem.notFound }
          let old = try BudgetStanding.read(ground, scope, session).first { $0.budget.category == category }
          try call.check(ifMatch: old.map(Wire.budget) ?? .null)
          let amount = try Self.amount(text, ground.base)
          guard try old != nil || Budgets.all(scope, session).count < Budgets.countMax else {
            throw Problem.invalid(["": "is one more budget than there may be"])
          }
          let month = Month(of: starts ?? ground.today, firstDay: ground.settings.firstMonthDay)
          try Budgets.keep(
            StoredBudget(
              id: id, category: category, amountMinor: amount, currency: ground.base, rollover: rollover,
              startsOn: month.days.lowerBound), now: now, scope, session)
          try Events.tell("plans.changed", now: now, scope, session)
          return try BudgetStanding.read(ground, scope, session).first { $0.budget.id == id }
        }
        guard let standing else { throw Problem.notFound }
        return Call.shown(Wire.budget(standing))
      },
      Operation(
        "deleteBudget", .delete, "/v1/budgets/{code}", .insights, "Take the budget of a category away",
        needs: .household(.write, .member), parameters: [.path("code", .token)], answers: [.empty("It is gone.")]
      ) { call in
        let (banks, category): (Banks, String) = (try banks(for: call), try call.path.required("code"))
        let isGone = try await banks.database.write { [scope = banks.scope, now = banks.world.now()] session in
          guard try Budgets.delete(of: category, scope, session) else { return false }
          try Events.tell("plans.changed", now: now, scope, session)
          return true
        }
        guard isGone else { throw Problem.notFound }
        return Response(204)
      },
    ]
  }

  private static func amount(_ text: String, _ currency: Currency) throws(Problem) -> Int64 {
    do throws(MoneyError) {
      let minor = try Money(decimal: text, currency).minorUnits
      guard minor > 0 else { throw MoneyError.overflow }
      return minor
    } catch {
      throw .invalid(["/amount": "must be an amount above nought with the digits that \(currency.code) has"])
    }
  }

  private var goalOperations: [Operation] {
    [
      Operation(
        "listGoals", .get, "/v1/goals", .insights, "Show goals and how near they are",
        needs: .household(.read, .viewer),
        answers: [
          .json(
            200, .whole(Wire.goalShape, and: [.required("inputs", Wire.inputsShape)]), "In the order of their making.",
            example: ["data": [Wire.goalExample], "inputs": Wire.inputsExample("2026-03-14", "2026-03-14")])
        ]
      ) { call in
        try await insight(call) { ground, scope, session in
          let inputs = ground.balanceInputs(ground.today..<ground.today + 1)
          return [
            "data": .array(try GoalStanding.read(ground, scope, session).map(Wire.goal)), "inputs": Wire.inputs(inputs),
          ]
        }
      },
      Operation(
        "createGoal", .post, "/v1/goals", .insights, "Set a goal", needs: .household(.write, .member),
        body: .json(
          .object([
            .required("name", .text(1...80)), .required("amount", .decimal), .optional("account", .id(Account.self)),
            .optional("due_on", .day),
          ]), example: ["name": "Three months of expenses", "amount": "9000.00", "due_on": "2027-06-30"]),
        answers: [.json(201, Wire.goalShape, "The goal.", example: Wire.goalExample)], problems: [.accountUnknown]
      ) { call in
        let (name, text): (String, String) = (try call.body.required("name"), try call.body.required("amount"))
        let (account, due): (ID<Account>?, CalendarDate?) = (call.body["account"], call.body["due_on"])
        let banks = try banks(for: call)
        let (now, id): (Timestamp, ID<Goal>) = (banks.world.now(), banks.world.newID())
        return try await call.once(banks) { [scope = banks.scope] session in
          let ground = try Ground.read(now: now, scope, session)
          let held = ground.accounts.first { $0.id == account }
          if account != nil, held == nil { throw ProblemKind.accountUnknown.problem() }
          guard try Goals.all(scope, session).count < Goals.countMax else {
            throw Problem.invalid(["": "is one more goal than there may be"])
          }
          let currency = held?.currency ?? ground.base
          let goal = StoredGoal(
            id: id, name: name, targetMinor: try Self.amount(text, currency), currency: currency, account: account,
            dueOn: due)
          try Goals.keep(goal, now: now, scope, session)
          try Events.tell("plans.changed", now: now, scope, session)
          guard let standing = try GoalStanding.read(ground, scope, session).first(where: { $0.goal.id == id }) else {
            throw Problem.notFound
          }
          return .json(201, Wire.goal(standing))
        }
      }
      .repeatable(),
      Operation(
        "deleteGoal", .delete, "/v1/goals/{id}", .insights, "Take a goal away", needs: .household(.write, .member),
        parameters: [.path("id", .id(Goal.self))], answers: [.empty("It is gone.")]
      ) { call in
        let (banks, id): (Banks, ID<Goal>) = (try banks(for: call), try call.id())
        let isGone = try await banks.database.write { [scope = banks.scope, now = banks.world.now()] session in
          // What the person does not see is not theirs to take away.
          guard try Goals.all(scope, session).contains(where: { $0.id == id }) else { return false }
          guard try Goals.delete(id, scope, session) else { return false }
          try Events.tell("plans.changed", now: now, scope, session)
          return true
        }
        guard isGone else { throw Problem.notFound }
        return Response(204)
      },
    ]
  }

  private var rateOperations: [Operation] {
    [
      Operation(
        "listRates", .get, "/v1/rates", .insights, "Show exchange rates, the newest first",
        needs: .household(.read, .viewer),
        parameters: [.query("limit", .integer(1...500), "The most lines.", standard: 100)],
        answers: [.json(200, .whole(Wire.rateShape), "Rates.", example: ["data": [Wire.rateExample]])]
      ) { call in
        let (banks, limit): (Banks, Int) = (try banks(for: call), try call.query.required("limit"))
        let rates = try await banks.reading { [scope = banks.scope] in
          try ExchangeRates.latest(limit: limit, scope, $0)
        }
        return .json(200, ["data": .array(rates.map(Wire.rate))])
      },
      Operation(
        "addRates", .post, "/v1/rates", .insights, "Tell exchange rates", needs: .household(.write, .member),
        body: .json(
          .object([.required("rates", .list(of: Wire.rateInputShape, count: 1...1_000))]), bytesMax: 512 << 10,
          example: ["rates": [["currency": "EUR", "quote": "USD", "day": "2026-03-13", "rate": "1.0850"]]]),
        answers: [.json(200, .object([.required("kept", .count)]), "So many are kept.", example: ["kept": 1])]
      ) { call in
        let rates = (call.body.object["rates"]?.elements ?? []).compactMap(Wire.readRate)
        return try await keep(rates, call)
      },
      Operation(
        "importRates", .post, "/v1/rates/ecb", .insights, "Read a file of the European Central Bank's rates",
        needs: .household(.write, .member), body: .raw(bytesMax: 4 << 20),
        answers: [.json(200, .object([.required("kept", .count)]), "So many are kept.", example: ["kept": 1])]
      ) { call in
        let rates = CentralBankFile.rates(String(decoding: call.request.body, as: UTF8.self))
        guard !rates.isEmpty else {
          throw Problem.invalid(["": "has no rates as the European Central Bank writes them"])
        }
        return try await keep(rates, call)
      }
      .saying("Send `eurofxref-daily.xml` or `eurofxref-hist-90d.xml` as it is."),
    ]
  }

  private func keep(_ rates: [ExchangeRate], _ call: Call) async throws -> Response {
    let banks = try banks(for: call)
    try await banks.database.write { [scope = banks.scope] in try ExchangeRates.keep(rates, scope, $0) }
    return .json(200, ["kept": .int(rates.count)])
  }

  private var calendarOperations: [Operation] {
    [
      Operation(
        "createCalendarAddress", .post, "/v1/recurring/calendar", .insights,
        "Make a secret address where a calendar finds what is due", needs: .household(.write, .viewer),
        answers: [
          .json(
            200, .object([.required("path", .foreign)]), "The address, shown once; an older one is void.",
            example: ["path": "/v1/recurring.ics?key=3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
        ]
      ) { call in
        let banks = try banks(for: call)
        let (secret, now) = (RandomBytes.token(), banks.world.now())
        try await banks.database.write { [scope = banks.scope] session in
          try CalendarAddresses.make(Hash.sha256(secret), now: now, scope, session)
        }
        return .json(200, ["path": .string("/v1/recurring.ics?key=\(secret)")])
      }
      .secretly(),
      Operation(
        "deleteCalendarAddress", .delete, "/v1/recurring/calendar", .insights, "Revoke the calendar's address",
        needs: .household(.write, .viewer), answers: [.empty("It opens nothing any more.")],
        problems: [.calendarUnknown]
      ) { call in
        let banks = try banks(for: call)
        let isGone = try await banks.database.write { [scope = banks.scope] in
          try CalendarAddresses.revoke(scope, $0)
        }
        guard isGone else { throw ProblemKind.calendarUnknown.problem() }
        return Response(204)
      },
      Operation(
        "getRecurringCalendar", .get, "/v1/recurring.ics", .insights, "Show what is due as a calendar", needs: .open,
        parameters: [.query("key", .token(20...200), "The secret of the address.", isRequired: true)],
        answers: [
          .other(
            200, "text/calendar", "iCalendar (RFC 5545).",
            example: "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Magpie//EN\r\nEND:VCALENDAR\r\n")
        ],
        problems: [.calendarUnknown] + ProblemKind.database
      ) { call in
        let key: String = try call.query.required("key")
        let now = self.banks.world.now()
        let text = try await self.banks.database.read { session -> String? in
          guard let scope = try CalendarAddresses.owner(Hash.sha256(key), session) else { return nil }
          let ground = try Ground.read(now: now, scope, session)
          return Wire.calendar(try RecurringFinder.read(ground, scope, session), ground, now: now)
        }
        guard let text else { throw ProblemKind.calendarUnknown.problem() }
        return Response(200, body: Array(text.utf8), contentType: "text/calendar; charset=utf-8")
      }
      .paced(.signIn).secretly(),
    ]
  }
}
