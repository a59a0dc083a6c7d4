import Basics
import Finance
import Store

/// Which of our accounts each account of a bank's list means.
///
/// Pure, because a wrong answer here doubles somebody's money or hangs one person's rows on another's account: what ties
/// is never joined.
struct AccountPlan: Sendable, Equatable {
  enum Match: Sendable, Equatable {
    /// Named like this before.
    case known(ID<Account>)
    /// The same connection has a new name for it.
    case renamed(ID<Account>)
    /// It was known through a connection that this one replaces.
    case adopted(ID<Account>)
    /// Another living connection leads it: a couple's joint account, seen twice and counted once.
    case joint(ID<Account>)
    case new

    /// It gives a name that was not known.
    var isNews: Bool { if case .known = self { false } else { true } }

    var account: ID<Account>? {
      switch self {
      case .known(let id), .renamed(let id), .adopted(let id), .joint(let id): id
      case .new: nil
      }
    }
  }

  /// In the order of the bank's list.
  var matches: [(account: FeedAccount, match: Match)] = []
  /// Accounts that this connection leads and the list does not name.
  var missing: [ID<Account>] = []

  static func == (left: Self, right: Self) -> Bool {
    left.missing == right.missing && left.matches.map(\.match) == right.matches.map(\.match)
      && left.matches.map(\.account) == right.matches.map(\.account)
  }

  /// - Parameter sources: Every account source of the household.
  init(_ list: [FeedAccount], of connection: StoredConnection, among sources: [AccountSource]) {
    let own = sources.filter { $0.connection == connection.id }
    #if MUTANTS
      let adopts = connection.adopts || Mutant.isOn(.adoptUnasked)
    #else
      let adopts = connection.adopts
    #endif
    let known = Dictionary(own.map { ($0.providerID, $0.account) }, uniquingKeysWith: { $1 })
    let listed = Set(list.map(\.id))
    let unknown = list.filter { known[$0.id] == nil }
    // An account whose name is on the list is spoken for.
    var taken = Set(list.compactMap { known[$0.id] })
    for account in list {
      if let id = known[account.id] {
        matches.append((account, .known(id)))
        continue
      }
      let isLikeNoOther = unknown.filter { Self.looks($0, like: account) }.count == 1
      var match = Match.new
      let gone = own.filter { !listed.contains($0.providerID) && !taken.contains($0.account) }
      let others = sources.filter { $0.connection != connection.id && !taken.contains($0.account) }
      if let id = Self.only(gone.filter { Self.persists(account, as: $0) })
        ?? (isLikeNoOther ? Self.only(gone.filter { Self.looks(account, like: $0) }) : nil)
      {
        match = .renamed(id)
      } else if let id = Self.only(others.filter { Self.persists(account, as: $0) })
        ?? (adopts && isLikeNoOther
          ? Self.only(
            others.filter { Self.looks(account, like: $0) && $0.institutionID == connection.institutionID }) : nil)
      {
        let isLed = others.contains { $0.account == id && !$0.isMuted && $0.state.isLiving }
        match = isLed ? .joint(id) : .adopted(id)
      }
      if let id = match.account { taken.insert(id) }
      matches.append((account, match))
    }
    // A list without anything is no list: it says nothing about what is missing.
    guard !list.isEmpty else { return }
    for source in own where !source.isMuted && !taken.contains(source.account) && !missing.contains(source.account) {
      missing.append(source.account)
    }
  }

  private static func only(_ sources: [AccountSource]) -> ID<Account>? {
    let ids = Set(sources.map(\.account))
    return ids.count == 1 ? ids.first : nil
  }

  private static func persists(_ account: FeedAccount, as source: AccountSource) -> Bool {
    account.persistentID.map { $0 == source.persistentID } ?? false
  }

  /// A contradiction of two persistent ids outweighs any likeness.
  private static func looks(_ account: FeedAccount, like source: AccountSource) -> Bool {
    guard account.mask != nil || account.name == source.name else { return false }
    if let one = account.persistentID, let other = source.persistentID, one != other { return false }
    return account.type == source.type && account.subtype == source.subtype && account.mask == source.mask
      && account.name == source.name
  }

  private static func looks(_ one: FeedAccount, like other: FeedAccount) -> Bool {
    one.type == other.type && one.subtype == other.subtype && one.mask == other.mask && one.name == other.name
  }
}

extension ConnectionState {
  /// Whether it still brings rows, or will without anybody's doing.
  var isLiving: Bool {
    switch self {
    case .pending, .healthy, .degraded, .expiring, .misconfigured: true
    case .needsReauthentication, .revoked, .removing, .removed: false
    }
  }
}
