import Recognition

/// The confusion matrix as an SVG: rows are truth, columns what was said, darker is more of the row.
enum Picture {
  static func confusion(_ samples: [Sample]) -> String {
    var counts: [String: [String: Int]] = [:]
    for sample in samples {
      let answer = LineSorter.sort(sample.evidence, provider: sample.provider)
      let said = answer.map { Groups.former($0.guess.primary) } ?? "none"
      counts[sample.primary, default: [:]][said, default: 0] += 1
    }
    let labels = Taxonomy.primaries.filter { label in
      counts[label] != nil || counts.values.contains { $0[label] != nil }
    }
    let cell = 34
    let left = 210
    let top = 190
    let width = left + cell * labels.count + 10
    let height = top + cell * labels.count + 10
    var svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
    svg += "font-family=\"sans-serif\" font-size=\"10\"><rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    for (index, label) in labels.enumerated() {
      let x = left + cell * index + cell / 2
      let y = top + cell * index + cell / 2
      svg += "<text x=\"\(left - 6)\" y=\"\(y + 3)\" text-anchor=\"end\">\(label)</text>\n"
      svg += "<text transform=\"translate(\(x + 3),\(top - 6)) rotate(-60)\">\(label)</text>\n"
      let row = counts[label] ?? [:]
      let sum = row.values.reduce(0, +)
      for (column, said) in labels.enumerated() {
        guard let count = row[said], sum > 0 else { continue }
        let share = Double(count) / Double(sum)
        let color = column == index ? "0,110,60" : "190,40,30"
        svg += "<rect x=\"\(left + cell * column)\" y=\"\(top + cell * index)\" width=\"\(cell - 1)\" "
        svg += "height=\"\(cell - 1)\" fill=\"rgba(\(color),\(fixed(0.08 + 0.92 * share, 2)))\"/>"
        svg += "<text x=\"\(left + cell * column + cell / 2)\" y=\"\(y + 3)\" text-anchor=\"middle\" "
        svg += "fill=\"\(share > 0.5 ? "white" : "black")\">\(count)</text>\n"
      }
    }
    return svg + "</svg>\n"
  }
}
