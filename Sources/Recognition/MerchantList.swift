/// The merchants that come with the program, for those who list or measure them.
package enum MerchantList {
  package struct Merchant: Sendable {
    package var name: String
    package var category: String
  }

  package static var all: [Merchant] {
    MerchantTable.standard.merchants.map { Merchant(name: $0.name, category: $0.category) }
  }
}
