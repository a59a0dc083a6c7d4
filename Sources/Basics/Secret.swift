/// A value that must not be printed: every way of describing it gives `•••`.
///
/// Reading it needs ``reveal``, so that each place where a secret leaves its wrapping can be found by name.
package struct Secret<Value: Sendable>: Sendable {
  private let value: Value
  package init(_ value: Value) { self.value = value }
  package var reveal: Value { value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "•••" }
  package var debugDescription: String { "•••" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Secret: Equatable where Value: Equatable {}
extension Secret: Hashable where Value: Hashable {}
