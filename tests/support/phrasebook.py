"""Words to make entries of: sentences with gaps, and lists to fill them. All of it is invented.

Gaps: {place} {venue} {street} {name} {other} (another name) {alias} (what people call this kind)
{elsewhere} (another kind) {food} {drink} {thing} {weather} {month} {number} {bus} {rare} (an
invented name that few entries share).
"""

TITLES = (
    "{place} {label}",
    "{label} at {venue}",
    "{label} in {place}",
    "{name}'s {alias}",
    "{venue} {alias}",
    "{place} {alias} and more",
    "{adjective} {label}",
    "The {adjective} {noun}",
    "{noun} and {noun2}",
    "{place} {noun}",
    "{rare} {label}",
    "{label} with {name}",
)

SUMMARIES = (
    "{Alias} for anybody in {place}, with {drink} and no fuss.",
    "Come as you are to {venue}; {name} looks out for new faces.",
    "A {adjective} {alias} where nobody sits alone.",
    "{Alias} at {venue}, run by neighbours for neighbours.",
    "Small, {adjective} and open to all who like {thing}.",
    "An easy way into {place} for people who know nobody yet.",
    "{name} and {other} started it round a kitchen table; now {number} of us meet.",
    "Bring {thing} or nothing at all. There is {food}.",
    "For people who would like company and {food} on an ordinary day.",
    "{Alias} near {street}, with time to talk afterwards.",
)

SENTENCES = (
    "{name} opens the door early and puts the kettle on.",
    "There are usually {number} of us, more when it is {weather}.",
    "Nobody has to say anything about themselves.",
    "We sit at round tables, so you can hear each other.",
    "Bring {thing} if you have some; if not, we lend you ours.",
    "Afterwards most people stay for {drink} and {food}.",
    "The number {bus} stops by {street}, two minutes away.",
    "If you cannot manage the hill, {other} will fetch you from {street}.",
    "In {month} we go out together, last year to {rare}.",
    "Some of us also go to the {elsewhere} in {place}.",
    "{other} used to run a {elsewhere} and still tells stories about it.",
    "New people are met at the gate if they ring first.",
    "Dogs are welcome as long as they like people.",
    "It began when {name} moved to {street} and missed a good talk.",
    "The room is warm and the chairs have backs.",
    "You can leave whenever you have had enough.",
    "We share what is in the tin: {food}, and now and then {rare} cake.",
    "On {weather} days we stay inside and do something with {thing}.",
    "Money never keeps anybody out; have a word with {name}.",
    "{rare} from the parish has kept the minutes for {number} years.",
    "People come from {place} and from the farms around.",
    "A few come with a carer, a few with a stick, one with a parrot.",
    "Ask for {name}, who wears a yellow scarf.",
    "There is a quiet corner by the window with books on {thing}.",
    "Somebody always knows a joke, and {other} always laughs.",
    "We began with {number} chairs borrowed from {venue}.",
    "Every {month} there is a supper with songs that {rare} wrote.",
    "We are not a treatment and not a class, just people.",
    "If you were here once and lost touch, come back, nothing needs explaining.",
    "The toilet is on the same floor.",
    "Parking is behind {venue}, past the bins.",
    "Those who like can help with washing up: the best talks happen there.",
    "{rare} Road floods when it is {weather}; then we ring round.",
    "The hall belongs to the {rare} trust, which asks for nothing but tidy shelves.",
    "In the break we swap {thing} and gossip.",
    "One of us writes a letter to everybody who is ill.",
    "The youngest is {number}, the oldest does not say.",
    "We keep a list of people who would like a lift.",
    "Last {month} the {rare} family came with a cart full of {thing}.",
    "Whoever is shy gets a job: handing out {food} works wonders.",
    "We started {alias} again after the long winter when we only had the phone.",
    "It is about {alias}, but really about the hour after.",
    "You will find us behind {street}, next to the old {rare} works.",
    "{name} sends a text on the evening before.",
    "Nobody is too slow, too loud or too late.",
    "What is said here stays here.",
    "The {rare} shop gives us what it could not sell.",
    "For a first visit {other} will walk in with you.",
    "We have {drink}, juice, and water with a slice of something.",
    "When the clocks change we close before it is dark.",
    "Some bring {thing}, some bring a neighbour.",
    "There was a {elsewhere} here before, and the piano is still in tune.",
)

ADJECTIVES = (
    "friendly", "open", "slow", "noisy", "quiet", "welcoming", "Tuesday-ish", "patient",
    "little", "old", "new", "warm", "curious", "merry", "steady", "gentle",
)  # fmt: skip

NOUNS = (
    "Lantern", "Teapot", "Bench", "Harbour", "Table", "Doorstep", "Blue Gate", "Hearth", "Anchor",
    "Open Window", "Kettle", "Orchard", "Two Chairs", "Long Way Round", "Button Tin", "Weathercock",
    "Porch", "Compass", "Signpost", "Lamp", "Ferry", "Stile", "Footbridge", "Larder", "Corner",
)  # fmt: skip

VENUES = (
    "the Methodist hall", "the library", "the Old Fire Station", "the scout hut", "St Brannoc's",
    "the community centre", "the Corn Store", "the bowling pavilion", "the Three Herons",
    "the leisure centre", "the Assembly Rooms", "the Net Loft", "the primary school", "the surgery",
    "the market hall", "the Railway Arms", "the Quaker house", "the cricket club", "the museum",
    "the allotment hut", "the Welcome Rooms", "the garden centre cafe", "the Lifeboat house",
    "the sheltered flats", "the day centre", "the Mill", "the bakery", "the mosque hall",
)  # fmt: skip

FIRST_NAMES = (
    "Jo", "Amina", "Derek", "Pat", "Priya", "Kofi", "Maureen", "Tomasz", "Sheila", "Yusuf",
    "Bron", "Gareth", "Lin", "Rosa", "Winston", "Elsie", "Hamid",
)  # fmt: skip
SECOND_NAMES = (
    "Noor", "Frank", "Ivy", "Sasha", "Colin", "Dot", "Mei", "Olu", "Barbara", "Stan", "Farah",
    "Ken", "Zofia", "Ravi", "Nell", "Ged", "Ann",
)  # fmt: skip

FOODS = (
    "soup", "scones", "flapjack", "toast", "samosas", "biscuits", "crumpets", "bara brith",
    "cheese rolls", "lentil stew", "shortbread", "pancakes", "rice and peas", "chips",
)  # fmt: skip

DRINKS = ("tea", "coffee", "squash", "cocoa", "ginger beer", "hot blackcurrant", "mint tea")

THINGS = (
    "wool", "seeds", "old photographs", "a puzzle", "boots", "a song", "a recipe", "paint", "tools",
    "a book", "buttons", "maps", "records", "a bat", "string", "letters", "a story", "jam jars",
    "a cushion", "binoculars", "stamps", "a mug", "poems", "cuttings", "shells", "a football",
)  # fmt: skip

WEATHERS = ("wet", "frosty", "hot", "foggy", "windy", "grey", "bright", "stormy")

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

STREETS = ("Street", "Lane", "Row", "Hill", "Close", "Way", "Yard", "Green", "Terrace", "Quay")

STARTS = (
    "al", "bar", "bra", "cor", "dun", "el", "fen", "gar", "hal", "hes", "ing", "kel", "lan", "mar",
    "mel", "nor", "ol", "pen", "quar", "ros", "sal", "stan", "tam", "thor", "ul", "ven", "wal",
    "wex", "yar", "zel", "bri", "cle", "dre", "fro", "gli", "har", "jas", "ked", "lom", "mun",
)  # fmt: skip
MIDDLES = (
    "a",
    "be",
    "di",
    "el",
    "fi",
    "go",
    "i",
    "ke",
    "la",
    "me",
    "ni",
    "o",
    "ri",
    "se",
    "ti",
    "u",
)
ENDS = (
    "by", "combe", "dale", "den", "ford", "gate", "ham", "hurst", "ley", "low", "mere", "more",
    "ness", "son", "stow", "thwaite", "ton", "wick", "worth", "croft", "bank", "beck", "shaw",
)  # fmt: skip

WHEN = (
    "every {day} {opens}-{closes}",
    "every {day} {opens}-{closes}",
    "every {day} {opens}-{closes}",
    "{nth} {day} {opens}-{closes}",
    "{nth} and 4th {day} {opens}-{closes}",
    "last {day} of the month {opens}",
    "every 2 weeks on {day} {opens}-{closes} from {date}",
    "weekdays {opens}-{closes}",
    "roughly weekly, ring first",
)
NTHS = ("1st", "2nd", "3rd")
EXCEPTIONS = ("bank holidays", "August", "outside term time", "25 December", "December")
CONDITIONS = ("with tea", "for members", "a year", "if you can", "for the hall", "per person")
