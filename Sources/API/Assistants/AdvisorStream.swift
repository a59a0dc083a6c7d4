import Basics
import HTTP
import JSON

/// What a model's server says bit by bit: server-sent events whose `data` is a piece of the answer, as OpenAI's protocol
/// has it. Put together, they are the answer that it would have given at once.
/// https://platform.openai.com/docs/api-reference/chat-streaming
struct AdvisorStream: Sendable {
  private var waiting: [UInt8] = []
  private(set) var content = ""
  private var refusal = ""
  private var calls: [Int: (id: String, name: String, arguments: String)] = [:]
  private var usage: JSONValue = .null
  /// Events that were read.
  private(set) var events = 0
  /// The server said that this is all: a stream that was cut off looks just like a short answer.
  private(set) var isWhole = false
  /// A server that fills memory is no server of answers.
  private static let callsMax = 32

  /// - Returns: The text that came with these bytes; they may end in the middle of a line.
  mutating func hear(_ bytes: [UInt8]) -> String {
    waiting += bytes
    var (said, start) = ("", 0)
    defer { waiting.removeFirst(start) }
    while let end = waiting[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = String(decoding: waiting[start..<end], as: UTF8.self)
      start = end + 1
      guard line.hasPrefix("data:") else { continue }
      let data = line.dropFirst(5).drop { $0 == " " }.filter { !$0.isNewline }
      if data == "[DONE]" { isWhole = true }
      guard let piece = try? JSONValue.parse(data), case .object = piece else { continue }
      events += 1
      said += take(piece)
    }
    return said
  }

  private mutating func take(_ piece: JSONValue) -> String {
    if let usage = piece["usage"], !usage.isNull { self.usage = usage }
    guard let choice = piece["choices"]?.elements.first, let delta = choice["delta"] else { return "" }
    if choice["finish_reason"]?.string != nil { isWhole = true }
    for call in delta["tool_calls"]?.elements ?? [] {
      let index = call["index"]?.int ?? calls.count
      guard calls[index] != nil || calls.count < Self.callsMax else { continue }
      var known = calls[index] ?? ("", "", "")
      known.id += call["id"]?.string ?? ""
      known.name += call["function"]?["name"]?.string ?? ""
      known.arguments += call["function"]?["arguments"]?.string ?? ""
      calls[index] = known
    }
    refusal += delta["refusal"]?.string ?? ""
    let said = (delta["content"]?.string ?? "") + (delta["refusal"]?.string ?? "")
    content += delta["content"]?.string ?? ""
    return said
  }

  /// The whole, as it would have come at once.
  var answer: JSONValue {
    let list = calls.sorted { $0.key < $1.key }.map { _, call -> JSONValue in
      [
        "id": .string(call.id), "type": "function",
        "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
      ]
    }
    var message: JSONValue = ["role": "assistant", "content": content.isEmpty ? .null : .string(content)]
    if !refusal.isEmpty { message["refusal"] = .string(refusal) }
    if !list.isEmpty { message["tool_calls"] = .array(list) }
    return ["choices": [["message": message]], "usage": usage]
  }
}
