import Basics
import Finance
import Interchange

/// Banks' files in every format: what is read is bounded and plain, and importing it twice brings nothing.
@Sendable func fuzzStatements(_ bytes: [UInt8]) {
  for format in [nil] + StatementFormat.allCases.map(Optional.some) {
    guard let file = try? StatementFile.read(bytes, as: format) else { continue }
    require(!file.statements.isEmpty, "nothing was read")
    for statement in file.statements {
      for row in statement.rows {
        require(row.line > 0 && !row.name.isEmpty, "a row without a line or a name")
        require(row.name.unicodeScalars.count <= 200 && row.words.unicodeScalars.count <= 701, "long words")
        let steers = { (scalar: Unicode.Scalar) in
          [.control, .format].contains(scalar.properties.generalCategory)
        }
        require(!(row.name + row.words).unicodeScalars.contains(where: steers), "signs that steer")
      }
      let first = ImportPlan(statement, currency: statement.currency ?? .usd, known: [])
      require(first.newCount == first.rows.count, "something is known to nobody")
      let known = first.rows.enumerated().map { place, row in
        ImportPlan.Known(
          id: ID(bits: UInt128(place + 1)), bookedOn: row.row.bookedOn, amountMinor: row.amount.minorUnits,
          words: row.row.words, isImported: true, bankID: row.row.bankID)
      }
      let second = ImportPlan(statement, currency: statement.currency ?? .usd, known: known)
      require(second.knownCount == first.rows.count, "the same file brings something again")
    }
  }
}
