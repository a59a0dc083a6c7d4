// Leisure and what renews by itself every month.

extension Merchants {
  static let leisure = streaming + music + games + cinema + outings + software + news + lottery + otherFun

  static let streaming = table(
    .entertainmentTvAndMovies,
    [
      line("Netflix", "NETFLIX.COM|NETFLIX.COM CA", 1549, 1549, "netflix.com", .online),
      line("Hulu", "HULU {#12}-U|HULU.COM/BILL CA", 1799, 1799, "hulu.com", .online),
      line("Disney+", "DISNEYPLUS|888-905-7888 CA", 1399, 1399, "disneyplus.com", .online),
      line("Max", "MAX.COM|MAX.COM NY", 1699, 1699, "max.com", .online),
      line("YouTube Premium", "GOOGLE *YOUTUBEPREMIUM|G.CO/HELPPAY# CA", 1399, 1399, "youtube.com", .online),
      line("Paramount+", "PARAMOUNT+|888-274-5343 NY", 1199, 1199, "paramountplus.com", .online),
      line("Peacock", "PEACOCK {x5} PREMIUM|212-664-4444 NY", 799, 799, "peacocktv.com", .online),
      line("Apple TV+", "APPLE.COM/BILL|866-712-7753 CA", 999, 999, "apple.com", .online),
    ])

  static let music = table(
    .entertainmentMusicAndAudio,
    [
      line("Spotify", "SPOTIFY USA|877-7781161 NY", 1099, 1099, "spotify.com", .online),
      line("Apple Music", "APPLE.COM/BILL|866-712-7753 CA", 1099, 1099, "music.apple.com", .online),
      line("SiriusXM", "SXM*SIRIUSXM.COM/ACCT|888-635-5144 NY", 924, 1899, "siriusxm.com", .online),
      line("Bandcamp", "PAYPAL *BANDCAMP|4029357733 CA", 500, 2400, "bandcamp.com", .online),
    ])

  static let games = table(
    .entertainmentVideoGames,
    [
      line("Steam", "STEAMGAMES.COM {#10}|425-952-2985 WA", 499, 5999, "steampowered.com", [.online, .nines]),
      line("Nintendo", "NINTENDO *CA{#10}|800-255-3700 WA", 399, 5999, "nintendo.com", [.online, .nines]),
      line("PlayStation", "PLAYSTATION NETWORK|877-971-7669 CA", 999, 6999, "playstation.com", [.online, .nines]),
      line("Xbox", "MICROSOFT*XBOX|MSBILL.INFO WA", 999, 5999, "xbox.com", [.online, .nines]),
      line("GameStop", "GAMESTOP #{n4}", 1499, 6999, "gamestop.com", .nines),
      line("Roblox", "ROBLOX|ROBLOX.COM CA", 499, 1999, "roblox.com", [.online, .nines]),
    ])

  static let cinema = table(
    .entertainmentTvAndMovies,
    [
      line("AMC Theatres", "AMC {n4} ONLINE|888-440-4262 KS", 1549, 5490, "amctheatres.com"),
      line("Regal Cinemas", "REGAL CINEMAS {n4}", 1390, 5290, "regmovies.com"),
      line("Cinemark", "CINEMARK {n3}", 1290, 4990, "cinemark.com"),
      line("Alamo Drafthouse", "ALAMO DRAFTHOUSE {n3}", 1790, 7290, "drafthouse.com", only: "TX CO NC"),
      line("The Orpheum", "THE ORPHEUM CINEMA", 1100, 3600, nil, [.local, .whole]),
    ])

  static let outings = table(
    .entertainmentSportingEventsAmusementParksAndMuseums,
    [
      line("Ticketmaster", "TM *CONCERT TICKETS|800-653-8000 CA", 6490, 28_900, "ticketmaster.com", .online),
      line("StubHub", "STUBHUB INC|866-788-2482 CA", 7890, 26_900, "stubhub.com", .online),
      line("Eventbrite", "EB *{w} NIGHT|801-413-7200 CA", 1890, 8900, "eventbrite.com", .online),
      line("Museum of Natural Science", "MUSEUM NATURAL SCIENCE", 2500, 7600, nil, [.local, .whole]),
      line("Children's Museum", "CHILDRENS MUSEUM", 1600, 5800, nil, [.local, .whole]),
      line("City Zoo", "CITY ZOO ADMISSIONS", 2400, 8200, nil, [.local, .whole]),
      line("Six Flags", "SIX FLAGS ENTRANCE {n2}", 5499, 22_900, "sixflags.com", .nines),
      line("Bowlero", "BOWLERO {n4}", 2490, 8900, "bowlero.com"),
      line("Topgolf", "TOPGOLF {n4}", 3990, 14_900, "topgolf.com"),
      line("Vertical World Climbing", "SQ *VERTICAL WORLD CLIMB", 1900, 4400, nil, [.local, .whole]),
    ])

  static let software = table(
    .generalServicesOtherGeneralServices,
    [
      line("Apple iCloud+", "APPLE.COM/BILL|866-712-7753 CA", 299, 299, "icloud.com", .online),
      line("Google One", "GOOGLE *GOOGLE ONE|G.CO/HELPPAY# CA", 199, 299, "one.google.com", .online),
      line("Dropbox", "DROPBOX*{x11}|DROPBOX.COM CA", 1199, 1199, "dropbox.com", .online),
      line("Adobe", "ADOBE  *CREATIVE CLD|408-536-6000 CA", 2299, 5999, "adobe.com", .online),
      line("Microsoft 365", "MICROSOFT*MICROSOFT 365|MSBILL.INFO WA", 999, 999, "microsoft.com", .online),
      line("OpenAI", "OPENAI *CHATGPT SUBSCR|OPENAI.COM CA", 2000, 2000, "openai.com", .online),
      line("1Password", "1PASSWORD|TORONTO", 499, 499, "1password.com", .online),
      line("NordVPN", "NORDVPN.COM|NORDVPN.COM NY", 1299, 1299, "nordvpn.com", .online),
      line("GitHub", "GITHUB, INC.|GITHUB.COM CA", 400, 1000, "github.com", .online),
      line("Amazon Prime", "AMAZON PRIME*{x9}|AMZN.COM/BILL WA", 13_900, 13_900, "amazon.com", .online),
      line("Duolingo", "DUOLINGO.COM|PITTSBURGH PA", 8399, 8399, "duolingo.com", .online),
      line("Headspace", "HEADSPACE|HEADSPACE.COM CA", 1299, 1299, "headspace.com", .online),
    ])

  static let news = table(
    .generalMerchandiseBookstoresAndNewsstands,
    [
      line("The New York Times", "NYTIMES*NYTIMES DISC|800-698-4637 NY", 400, 400, "nytimes.com", .online),
      line("The Wall Street Journal", "D J*WALL-ST-JOURNAL|800-568-7625 MA", 400, 3899, "wsj.com", .online),
      line("The Washington Post", "WASHPOST SUB|800-477-4679 DC", 400, 1200, "washingtonpost.com", .online),
      line("The Atlantic", "THE ATLANTIC|855-940-0585 DC", 7999, 7999, "theatlantic.com", .online),
    ])

  static let lottery = table(
    .entertainmentCasinosAndGambling,
    [
      line("State Lottery", "STATE LOTTERY VENDING", 200, 2000, nil, [.local, .whole]),
      line("DraftKings", "DRAFTKINGS|617-986-6744 MA", 1000, 5000, "draftkings.com", [.online, .whole]),
      line("FanDuel", "FANDUEL INC|646-930-0950 NY", 1000, 5000, "fanduel.com", [.online, .whole]),
    ])

  static let otherFun = table(
    .entertainmentOtherEntertainment,
    [
      line("Dave & Buster's", "DAVE & BUSTERS #{n2}", 2990, 9900, "daveandbusters.com"),
      line("Patreon", "PATREON* MEMBERSHIP|PATREON.COM CA", 500, 1200, "patreon.com", .online),
      line("Paint & Pour Studio", "SQ *PAINT AND POUR STUDIO", 3800, 8600, nil, [.local, .whole]),
      line("Puzzle Room Escape", "SQ *PUZZLE ROOM ESCAPE", 6400, 13_800, nil, [.local, .whole]),
    ])
}
