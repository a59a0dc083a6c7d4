/// The answer to a question that was asked and may still be on its way: of those that are asked one after the other before
/// the first answer is needed, a distant database is told in one journey.
///
/// It says what was true when it was asked, and lives as long as the transaction.
package struct Later<Value> {
  private let fetch: () throws -> Value

  package init(_ fetch: @escaping () throws -> Value) { self.fetch = fetch }

  /// Waits for it. To be called once.
  package func get() throws -> Value { try fetch() }

  package func map<Other>(_ transform: @escaping (Value) throws -> Other) -> Later<Other> {
    let fetch = fetch
    return Later<Other> { try transform(try fetch()) }
  }
}
