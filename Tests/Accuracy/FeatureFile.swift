import Foundation
import Recognition

/// Writes what the classifier sees of each row, for training: the same code reads lines in the product, so that there
/// is no second reading to keep level with it.
///
/// `OUT.rows` holds class, weight and number of features of each row, `OUT.features` buckets and values: of each row one
/// with all there is, and one in which the tables, the known names or the terms are left out, so that none is leaned on.
enum FeatureFile {
  static func write(_ input: String, to output: String) throws {
    let table = try Table(path: input)
    let views: [Features.Seen] = [[.terms], [.terms, .known], [], [.table, .terms], [.known]]
    var rows: [UInt32] = []
    var all: [UInt32] = []
    for (number, row) in table.rows.enumerated() {
      guard let description = table.value("description", row), let primary = table.value("primary", row),
        let label = Taxonomy.primaries.firstIndex(of: primary)
      else { continue }
      let amount = Double(table.value("amount", row) ?? "1") ?? 1
      let evidence = Evidence(description, isOutgoing: amount >= 0, home: table.value("home", row))
      let weight = Float(table.value("weight", row) ?? "1") ?? 1
      for seen in [Features.Seen.everything, views[number % views.count]] {
        let features = Features(evidence, seeing: seen).all
        rows += [UInt32(label), weight.bitPattern, UInt32(features.count)]
        for feature in features { all += [feature.bucket, feature.value.bitPattern] }
      }
    }
    try rows.withUnsafeBytes { Data($0) }.write(to: URL(filePath: output + ".rows"))
    try all.withUnsafeBytes { Data($0) }.write(to: URL(filePath: output + ".features"))
  }

  /// `key name` of each name: the numbers by which the model knows them whole.
  static func writeKeys(_ input: String, to output: String) throws {
    let names = try String(contentsOfFile: input, encoding: .utf8).split(separator: "\n")
    let lines = names.map { "\(Model.key(name: String($0)))\n" }
    try lines.joined().write(toFile: output, atomically: true, encoding: .utf8)
  }
}
