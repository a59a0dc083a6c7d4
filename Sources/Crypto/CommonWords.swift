/// What most passwords are made of. ``PasswordRule`` combines these, so that a few hundred stand for many thousands.
enum CommonWords {
  /// Letters of the longest one.
  static let lengthMax = 14

  /// Rows of keys and of the alphabet, in both directions.
  static let rows: [String] = {
    let forwards = [
      "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm",
      "azertyuiop", "qsdfghjklm", "wxcvbn", "1q2w3e4r5t6z7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p",
      "qazwsxedcrfvtgbyhnujmikolp",
      "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "147258369", "!@#$%^&*()", "!\"§$%&/()=", "a1b2c3d4e5f6g7h8i9",
      "qweasdzxc", "1a2b3c4d5e6f7g8h9i",
    ]
    return forwards + forwards.map { String($0.reversed()) }
  }()

  static let all = Set(
    """
    pass password passwort passwd passw passcode passphrase code secret geheim admin administrator root user login logon
    signin guest default master system server computer internet network windows linux apple google facebook twitter
    instagram youtube amazon netflix paypal yahoo gmail hotmail microsoft samsung nokia android iphone nintendo pokemon
    minecraft fortnite roblox magpie money bank banking finance account budget plaid credit cash dollar euro
    welcome willkommen hello hallo hola bonjour ciao please thankyou letmein openup trustnoone changeme changethis
    change new newpass temp temporary test testing tester tested demo sample example qwerty qwertz azerty asdf
    love loves lover loveme loveyou iloveyou iloveu ilove ily forever always together kiss kisses hug heart angel
    baby babygirl babyboy babe honey sweet sweetie sweetheart darling princess prince queen king kitty kitten
    friend friends bestfriend family mother father mom mommy mum dad daddy mama papa sister brother son daughter wife
    husband boy girl man woman lady gentleman life live dream dreams dreamer hope faith peace freedom liberty happy
    smile sunshine sunny star stars superstar moon sun sky rainbow angel angels heaven jesus christ god godis blessed
    bless spirit soul magic wizard merlin gandalf dragon unicorn phoenix tiger lion eagle hawk falcon wolf wolves bear
    bears shark dolphin dolphins monkey horse horses pony cat cats dog dogs puppy doggy fish bird birds snake spider
    spiderman batman superman ironman hulk avengers starwars startrek skywalker yoda vader jedi matrix neo hunter ranger
    warrior knight samurai ninja pirate pirates soldier captain general sniper killer slayer shadow ghost demon devil
    hell hellfire fire blaze flame ice water earth wind storm thunder lightning flash night midnight dark darkness black
    white red blue green yellow orange purple pink silver gold golden diamond crystal ruby pearl emerald silver copper
    summer winter spring autumn fall sommer herbst fruhling january february march april may june july august september
    october november december januar februar maerz mai juni juli oktober dezember monday tuesday wednesday thursday
    friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag today tomorrow yesterday birthday
    christmas easter holiday vacation weekend party music rock rocknroll metal metallica guitar piano drums dance dancer
    football soccer baseball basketball hockey tennis golf cricket rugby boxing racing runner swimming yankees cowboys
    steelers eagles packers patriots lakers celtics bulls chelsea arsenal liverpool manchester united barcelona madrid
    realmadrid bayern dortmund schalke juventus milan inter ferrari porsche mercedes bmw audi volkswagen toyota honda
    nissan mustang camaro corvette chevy ford harley yamaha suzuki kawasaki ducati turbo speed racer
    michael michelle jennifer jessica ashley amanda nicole daniel danielle andrew anthony charlie charles thomas
    jordan joshua matthew robert richard william george james john johnny jack jackson jason justin kevin steven
    stephen david donald edward eric frank harry henry jeremy joseph larry louis mark martin maria marie mary max
    maximus maxwell nathan nicholas oliver patrick paul peter philip rachel rebecca ryan samantha samuel sandra sarah
    scott sean sophie stephanie susan taylor teresa tiffany tony tyler victoria vincent alexander alex alexis alice
    amy andrea angela anna anne barbara benjamin brandon brian carlos caroline christian christina christopher chris
    claudia cheyenne diana elizabeth emily emma eva felix florian franziska hannah heather helena jasmine johanna julia
    julian karin katharina kimberly laura lauren lena leon lisa lucas luisa lukas marco marcus melanie melissa monica
    natalie natasha paula pauline petra sabine sabrina sebastian simon simone sophia stefan susanne theresa tobias ursula
    america american usa england english london paris france germany deutschland berlin hamburg munich muenchen vienna
    austria zurich switzerland italy roma spain espana mexico brasil brazil argentina canada australia sydney texas
    dallas houston boston chicago newyork california florida hawaii vegas lasvegas hollywood russia moscow india china
    japan tokyo korea europe world universe galaxy planet space city town village street house home garden kitchen
    flower flowers rose roses lily daisy tulip orchid cherry peach apple banana strawberry orange lemon melon cookie
    cookies chocolate candy sugar honey pepper salt cheese pizza burger chicken coffee tea beer wine whiskey vodka
    butter bread cake pumpkin peanut coconut mango ginger cinnamon vanilla snickers cocacola coke pepsi
    blink access account action abcabc abc xyz number one two three four five six seven eight nine ten hundred thousand
    million first second third zero double triple big small little great good bad best better super mega ultra hyper
    power powerful strong strength winner champion victory success lucky luck fortune rich wealth business office work
    working worker company school college university student teacher doctor nurse police fireman army navy marine
    marines airforce pilot airplane train bus car truck motor driver travel trip journey adventure explorer
    player playboy playstation xbox gamer gaming game games chess poker casino joker ace spade hacker hacking security
    secure private public hidden mystery enigma puzzle riddle nothing something anything everything whatever whoever
    because never ever maybe nobody somebody everybody myself yourself mypassword mypass mylove mylife mybaby my your
    the and is it me you are was will this that with for not all can get got has have had from
    fuck fuckyou fuckoff shit bitch asshole bastard sexy
    biteme lol lmao omg wtf rofl noob leet elite pwned cool coolest awesome amazing wonderful beautiful pretty
    cute crazy silly funny stupid idiot dumb lazy sleepy hungry thirsty angry lonely single blondie brownie
    bailey buster buddy rocky lucky lucy bella molly daisy max sadie maggie sophie chloe bandit bruno simba nala
    tigger garfield snoopy scooby mickey minnie donald goofy bambi shrek elsa frozen barbie teddy teddybear
    matrix trinity morpheus zion sith hobbit frodo aragorn legolas potter hogwarts snape voldemort dumbledore
    """.split(whereSeparator: { $0.isWhitespace }).map(String.init))
}
