/// The program: everything is built once here and run.
package enum Magpie {
  package static func main() async {}
}
