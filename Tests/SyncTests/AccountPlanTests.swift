import Basics
import Finance
import Testing

@testable import Store
@testable import Sync

@Suite struct `Which of our accounts a bank means` {
  private static let world = World.simulated(seed: 5)
  private let own: ID<Connection> = world.newID()
  private let other: ID<Connection> = world.newID()
  private let savings: ID<Account> = world.newID()
  private let checking: ID<Account> = world.newID()

  private func connection(adopts: Bool = false) -> StoredConnection {
    StoredConnection(
      id: own, origin: "plaid", environment: "sandbox", host: "h", itemID: "i", institutionID: "ins_1", state: .healthy,
      cursor: "c", progress: .historical, adopts: adopts)
  }

  private func listed(
    _ id: String, persistent: String? = nil, name: String = "Savings", mask: String? = "1111"
  ) -> FeedAccount {
    FeedAccount(id: id, persistentID: persistent, name: name, mask: mask, kind: .savings, type: "depository")
  }

  private func source(
    _ id: String, of connection: ID<Connection>, _ account: ID<Account>, persistent: String? = nil,
    institution: String = "ins_1", state: ConnectionState = .healthy, isMuted: Bool = false
  ) -> AccountSource {
    AccountSource(
      connection: connection, providerID: id, account: account, persistentID: persistent, isMuted: isMuted,
      kind: .savings, currency: .usd, institutionID: institution, type: "depository", subtype: nil, mask: "1111",
      name: "Savings",
      state: state, lastSuccessAt: nil)
  }

  private func matches(
    _ list: [FeedAccount], adopts: Bool = false, among sources: [AccountSource]
  ) -> [AccountPlan.Match] {
    AccountPlan(list, of: connection(adopts: adopts), among: sources).matches.map(\.match)
  }

  @Test func `a name known before is the same account, whatever else it resembles`() {
    let sources = [source("A", of: own, savings), source("X", of: other, checking, persistent: "p")]
    #expect(matches([listed("A", persistent: "p")], among: sources) == [.known(savings)])
  }

  @Test func `a new name of the same connection is known by its persistent id, or by its looks when nothing ties`() {
    #expect(
      matches([listed("B", persistent: "p", name: "Other")], among: [source("A", of: own, savings, persistent: "p")])
        == [.renamed(savings)])
    #expect(matches([listed("B")], among: [source("A", of: own, savings)]) == [.renamed(savings)])
    let twins = [source("A", of: own, savings), source("B", of: own, checking)]
    #expect(matches([listed("C"), listed("D")], among: twins) == [.new, .new])
  }

  @Test func `an account still listed is never taken by another`() {
    #expect(matches([listed("A"), listed("B")], among: [source("A", of: own, savings)]) == [.known(savings), .new])
  }

  @Test func `looks alone join nothing across connections without a person's yes`() {
    let gone = [source("X", of: other, savings, state: .revoked)]
    #expect(matches([listed("A")], among: gone) == [.new])
    #expect(matches([listed("A")], adopts: true, among: gone) == [.adopted(savings)])
    #expect(
      matches([listed("A")], adopts: true, among: [source("X", of: other, savings, institution: "ins_2")]) == [.new])
  }

  @Test func `a contradiction of persistent ids outweighs any likeness`() {
    let gone = [source("X", of: other, savings, persistent: "p", state: .revoked)]
    #expect(matches([listed("A", persistent: "q")], adopts: true, among: gone) == [.new])
  }

  @Test func `two accounts that look the same are not adopted by guess`() {
    let gone = [
      source("X", of: other, savings, state: .revoked), source("Y", of: other, checking, state: .revoked),
    ]
    #expect(matches([listed("A")], adopts: true, among: gone) == [.new])
    let one = [source("X", of: other, savings, state: .revoked)]
    #expect(matches([listed("A"), listed("B")], adopts: true, among: one) == [.new, .new])
  }

  @Test func `an account that another living connection leads is joint, and one that nobody leads is ours`() {
    let living = [source("X", of: other, savings, persistent: "p")]
    #expect(matches([listed("A", persistent: "p")], among: living) == [.joint(savings)])
    let ended = [source("X", of: other, savings, persistent: "p", state: .removed)]
    #expect(matches([listed("A", persistent: "p")], among: ended) == [.adopted(savings)])
    let silent = [source("X", of: other, savings, persistent: "p", state: .needsReauthentication)]
    #expect(matches([listed("A", persistent: "p")], among: silent) == [.adopted(savings)])
  }

  @Test func `what a list leaves out is missing, unless the list is empty or another leads`() {
    let sources = [source("A", of: own, savings), source("B", of: own, checking, isMuted: true)]
    #expect(AccountPlan([listed("C", name: "New")], of: connection(), among: sources).missing == [savings])
    #expect(AccountPlan([], of: connection(), among: sources).missing.isEmpty)
  }
}
