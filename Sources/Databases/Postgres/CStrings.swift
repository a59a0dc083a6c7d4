/// Lends texts to C as an array of pointers that ends with nil.
func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
  var flat: [CChar] = []
  var starts: [Int] = []
  for string in strings {
    starts.append(flat.count)
    flat.append(contentsOf: string.utf8CString)
  }
  return unsafe flat.withUnsafeBufferPointer { flat in
    var pointers: [UnsafePointer<CChar>?] = unsafe starts.map { start in
      unsafe flat.baseAddress.map { unsafe $0 + start }
    }
    unsafe pointers.append(nil)
    return unsafe pointers.withUnsafeBufferPointer { pointers in
      guard let base = pointers.baseAddress else { preconditionFailure("an array with an end has a beginning") }
      return unsafe body(base)
    }
  }
}
