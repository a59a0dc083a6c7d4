import Basics
package import Databases
package import Finance
package import Store

/// How a budget stands this month: what is there to spend, what was spent, and where the month ends at this pace.
package struct BudgetStanding: Sendable, Equatable {
  package var budget: StoredBudget
  package var days: Range<CalendarDate>
  /// Left over from earlier months, or overspent.
  package var carriedMinor: Int64
  package var spentMinor: Int64
  package var leftMinor: Int64
  /// What would have been spent by now if each day took the same.
  package var evenMinor: Int64
  /// At this pace, at the end of the month.
  package var projectedMinor: Int64

  /// - Parameters:
  ///   - spent: What each month since the budget's first took, the present one last.
  package init(_ budget: StoredBudget, spent: [Int64], month: Month, today: CalendarDate) {
    self.budget = budget
    days = month.days
    var carried: Int64 = 0
    for past in spent.dropLast() {
      let left = budget.amountMinor &+ carried &- past
      switch budget.rollover {
      case .none: carried = 0
      case .surplus: carried = max(0, left)
      case .both: carried = left
      }
    }
    carriedMinor = carried
    spentMinor = spent.last ?? 0
    leftMinor = budget.amountMinor &+ carried &- spentMinor
    let (length, passed) = (days.upperBound - days.lowerBound, today - days.lowerBound + 1)
    let available = Int128(budget.amountMinor) + Int128(carried)
    evenMinor = Int64(clamping: Ratio.rounded(available * Int128(passed), by: Int128(length)))
    projectedMinor = Int64(clamping: Ratio.rounded(Int128(spentMinor) * Int128(length), by: Int128(max(1, passed))))
  }

  package static func read(
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> [BudgetStanding] { try board(ground, scope, session).standings }

  /// All of them, and what they were made from.
  package static func board(
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> (standings: [BudgetStanding], inputs: Inputs) {
    let budgets = try Budgets.all(scope, session)
    guard let first = budgets.map(\.startsOn).min() else {
      return ([], ground.inputs(ground.today..<ground.today + 1, ground.counting))
    }
    let settings = ground.settings
    // Ten years of months are enough to carry over.
    let months = Month.all(
      in: max(min(first, ground.today), ground.today - 3_650)...ground.today, firstDay: settings.firstMonthDay)
    let flows = try Flows.read(over: months.map(\.days), ground, scope, session)
    let parents = try parents(scope, session)
    let standings = budgets.compactMap { budget -> BudgetStanding? in
      // Sums are in the base currency; a budget in another one cannot be held against them.
      guard budget.currency == ground.base, let present = months.last else { return nil }
      let spent = zip(months, flows.flows).filter { $0.0.days.upperBound > budget.startsOn }.map { _, flow in
        flow.spentMinor.reduce(Int64(0)) { sum, one in
          covers(one.key, budget, parents) ? sum &+ one.value : sum
        }
      }
      return BudgetStanding(budget, spent: spent.isEmpty ? [0] : spent, month: present, today: ground.today)
    }
    return (standings, flows.inputs)
  }

  /// What each category is under.
  static func parents(_ scope: Scope, _ session: any Session) throws -> [String: String] {
    Dictionary(
      try Categories.all(scope, session).compactMap { category in category.parent.map { (category.code, $0) } }
    ) { one, _ in one }
  }

  /// Whether what is filed there counts against the budget.
  static func covers(_ category: String, _ budget: StoredBudget, _ parents: [String: String]) -> Bool {
    category == budget.category || parents[category] == budget.category || category.hasPrefix(budget.category + "_")
  }
}

/// How near a goal is.
package struct GoalStanding: Sendable, Equatable {
  package var goal: StoredGoal
  /// Nil: nobody knows the balance.
  package var savedMinor: Int64?
  /// What has to be put aside each month to be there in time; nil without a day or a balance.
  package var monthlyMinor: Int64?

  package static func read(
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> [GoalStanding] {
    let footing = try Footing.read(ground, scope, session)
    return try Goals.all(scope, session).map { goal in
      var saved: Int64?
      if let id = goal.account {
        saved = ground.accounts.first { $0.id == id && $0.currency == goal.currency }?.currentMinor
      } else if goal.currency == ground.base {
        saved = footing.liquidMinor
      }
      var monthly: Int64?
      if let saved, let due = goal.dueOn {
        let months = max(1, (due - ground.today + 29) / 30)
        monthly = Int64(
          clamping: Ratio.rounded(Int128(max(0, goal.targetMinor &- saved)), by: Int128(months)))
      }
      return GoalStanding(goal: goal, savedMinor: saved, monthlyMinor: monthly)
    }
  }
}
