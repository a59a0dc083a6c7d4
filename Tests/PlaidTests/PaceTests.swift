import Basics
import HTTP
import Plaid
import Testing

/// Limits as Plaid counts them: calls per Item and per client in every minute.
@Suite struct `The pace of calls` {
  private let world = World.simulated(seed: 1)
  private let wire = Wire(#"{"accounts":[],"request_id":"r"}"#)

  private func other(_ number: Int) -> Secret<String> { Secret("access-sandbox-other-\(number)") }

  /// How often calls were made in the busiest minute.
  private func busiest(_ times: [Timestamp]) -> Int {
    times.map { start in times.count { $0 >= start && $0 < start + .seconds(60) } }.max() ?? 0
  }

  @Test func `waits before a call that would be one too many for an Item`() async throws {
    let client = wire.plaid("production", world: world)
    var times: [Timestamp] = []
    for number in 0..<47 {
      _ = try await client.accountsGet(token)
      times.append(world.now())
      try await world.sleep(.milliseconds(number * 30))
    }
    #expect(busiest(times) == 15 && wire.calls.count == 47)
    // Not slower than needed: the first fifteen go at once.
    #expect(times[14] - times[0] < .seconds(4) && times[15] - times[0] == .seconds(60))
  }

  @Test func `counts each Item and each endpoint by itself`() async throws {
    let client = wire.plaid("production", world: world)
    let start = world.now()
    for number in 0..<10 {
      for _ in 0..<15 { _ = try await client.accountsGet(other(number)) }
      for _ in 0..<15 { _ = try await client.liabilitiesGet(other(number)) }
    }
    #expect(world.now() == start)
    _ = try await client.accountsGet(other(3))
    #expect(world.now() - start == .seconds(60))
  }

  @Test func `counts all Items of the client together, and copies of the client as one`() async throws {
    let client = wire.plaid("sandbox", world: world)
    let copy = client
    let start = world.now()
    for number in 0..<100 {
      _ = try await (number % 2 == 0 ? client : copy).accountsBalanceGet(other(number))
    }
    #expect(world.now() == start)
    _ = try await copy.accountsBalanceGet(other(100))
    #expect(world.now() - start == .seconds(60))
  }

  @Test func `asks to come back rather than waiting long, and has then sent nothing`() async throws {
    let client = wire.plaid("production", world: world)
    for _ in 0..<30 { _ = try await client.accountsBalanceGet(token) }
    #expect(wire.calls.count == 30)
    let passed = world.now() - Timestamp(milliseconds: 1_700_000_000_000)
    await #expect {
      _ = try await client.accountsBalanceGet(token)
    } throws: { error in
      guard let error = error as? PlaidError, case .wait(let pause) = error.remedy else { return false }
      // Thirty in an hour, of which the first was made at once.
      return error.code == "OWN_RATE_LIMIT" && !error.wasSent && pause == .seconds(3600) - passed
    }
    #expect(wire.calls.count == 30)
    try await world.sleep(.seconds(3600))
    _ = try await client.accountsBalanceGet(token)
  }

  @Test func `counts a repeated call as another one`() async throws {
    let flaky = Wire([.failure(.cut("x")), .failure(.cut("x")), .success(answer(#"{"accounts":[]}"#))])
    let client = flaky.plaid("production", world: world)
    for _ in 0..<13 { _ = try await client.accountsGet(token) }
    #expect(flaky.calls.count == 15)
    let before = world.now()
    _ = try await client.accountsGet(token)
    #expect(world.now() - before > .seconds(50))
  }

  @Test func `is nobody's business at a host whose limits are not known`() async throws {
    let start = Timestamp(milliseconds: 1_700_000_000_000)
    let client = wire.client()
    for _ in 0..<500 { _ = try await client.accountsGet(token) }
    #expect(client.credentials.baseURL == "https://plaid.test" && wire.calls.count == 500)
    #expect(world.now() == start)
  }
}
