import API
import Basics
import Databases
import Finance
import JSON
import Sandbox
import Store
import Testing

@Suite struct `Balances of a simulated month` {
  @Test func `add up with the rows that were read day by day`() async throws {
    let bench = try await BankBench()
    let banks = bench.banks()
    let connection = try await banks.exchange(try await bench.publicToken())
    _ = try await banks.sync(connection.id)
    for _ in 0..<30 {
      await bench.sandbox.advance(by: .seconds(86_400 - 3600))
      try await bench.world.sleep(.seconds(86_400 - 3600))
      // The sign-in at this bank lapses after thirty days.
      _ = try await bench.control("item/repair", ["item_id": .string(connection.itemID)])
      _ = try await banks.sync(connection.id)
    }
    let proofs = try await bench.database.read { [scope = bench.scope] in try BalanceProofs.all(scope, $0) }
    let said = Dictionary(grouping: proofs) { proof in
      switch proof.verdict {
      case .addsUp: "adds up"
      case .unknown(.movesByItself): "moves by itself"
      default: "\(proof.verdict)"
      }
    }.mapValues(\.count)
    #expect(said["adds up"] == 5 && said["moves by itself"] == 3 && said.count == 2, "\(said)")
  }
}
