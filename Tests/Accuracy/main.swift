import Foundation

let arguments = CommandLine.arguments.dropFirst()
switch (arguments.first, arguments.count) {
case ("features", 3): try FeatureFile.write(arguments[2], to: arguments[3])
case ("keys", 3): try FeatureFile.writeKeys(arguments[2], to: arguments[3])
case ("measure", 1...4):
  let all = Array(arguments)
  try Report.measure(
    all.count > 1 && all[1] != "-" ? all[1] : nil, picture: all.count > 2 ? all[2] : nil,
    answers: all.count > 3 ? all[3] : nil)
default:
  print("usage: magpie-accuracy features IN OUT | keys IN OUT | measure FILE [OUT]")
  exit(2)
}
