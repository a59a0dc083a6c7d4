import Databases
import Store
import Testing

@testable import API

@Suite struct `What a bank said` {
  @Test func `is kept page by page as it came, also where a run read one page alone`() async throws {
    let bench = try await BankBench()
    let banks = bench.banks()
    let id = try await banks.linkSandbox(institution: "ins_109508").id
    for _ in 0..<3 { _ = try await banks.sync(id) }
    let runs = try await bench.database.read { session in
      try session.query(
        """
        SELECT s.pages, (SELECT COUNT(*) FROM raw_batch b WHERE b.household_id = s.household_id AND b.run_id = s.id)
        FROM sync_run s WHERE s.outcome IN ('applied', 'not_ready')
        """
      ) { (pages: try $0(0, as: Int.self), kept: try $0(1, as: Int.self)) }
    }
    #expect(runs.count == 3 && runs.allSatisfy { $0.pages > 0 && $0.pages == $0.kept }, "\(runs)")
  }
}
