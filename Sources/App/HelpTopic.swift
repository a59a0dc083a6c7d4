/// Explanations that belong to no single command.
enum HelpTopic: String, CaseIterable, Sendable {
  case plaid, webhooks, https, codes

  var summary: String {
    switch self {
    case .plaid: "Getting keys from Plaid, and what they are for."
    case .webhooks: "How the bank tells Magpie about news."
    case .codes: "What the exit codes mean, for scripts."
    case .https: "Being reachable from outside, safely."
    }
  }

  var text: String {
    switch self {
    case .plaid:
      """
      Plaid connects Magpie to your banks. Make an account at https://dashboard.plaid.com, and copy
      from Developers > Keys the client id and the secret of one environment:

        PLAID_CLIENT_ID=…
        PLAID_SECRET=…
        PLAID_ENV=sandbox        invented banks, free
        PLAID_ENV=production     your banks, after Plaid has approved you

      Each environment has its own secret. Magpie hides the secret whenever it prints settings; keep
      it out of your shell's history all the same. Then `magpie link` shows a page to sign in on.

      Without keys Magpie brings a simulated bank, with invented people and money, as long as
      MAGPIE_SIMULATION is not off and nothing real was ever linked in the same data folder. To build
      against Plaid's protocol, run `magpie sandbox` and set what it prints.

      """
    case .webhooks:
      """
      A webhook is a message that Plaid sends when a bank has news. Plaid must be able to reach the
      address in MAGPIE_PUBLIC_URL, so a machine behind a home router gets none unless a port is
      forwarded or a tunnel is set up. The simulated bank sends webhooks too, signed with ES256 as
      Plaid's are.

      """
    case .codes:
      "A command ends with one of these; what went wrong stands in one line on standard error.\n\n"
        + ExitCode.allCases.map { "  \($0.rawValue)  \($0.meaning)\n" }.joined() + "\n"
    case .https:
      """
      Bank data must not travel in the clear. Magpie itself speaks plain HTTP and therefore listens
      on 127.0.0.1 only. To be reachable from outside, put a reverse proxy with a certificate in front
      (Caddy: `reverse_proxy 127.0.0.1:8080`), and name its address in MAGPIE_PUBLIC_URL. Where the
      proxy is on another machine or in another container, MAGPIE_HOST may be another address once
      MAGPIE_TRUSTED_PROXIES names the proxy and MAGPIE_PUBLIC_URL begins with https://; the network
      between the two must be theirs alone. For the same reason PLAID_BASE_URL may be http:// only for
      an address of this machine.

      """
    }
  }
}
