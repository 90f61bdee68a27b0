"""The words of the small project: one entry for each case a page has to tell apart."""

TAXONOMY = """\
kinds:
  - {slug: coffee-morning, label: Coffee morning, plural: Coffee mornings}
  - {slug: phone-befriending, label: Phone befriending, plural: Phone befriending}
  - {slug: shed, label: Shed, plural: Sheds}
needs:
  - {slug: company, label: I would like some company, kinds: [coffee-morning]}
  - {slug: moved-here, label: I moved here}
access:
  - {slug: step-free, label: No steps on the way in, short: Step-free}
  - {slug: hearing-loop, label: A hearing loop that works, short: Hearing loop}
signer_kinds:
  - {slug: taxi, label: Taxi, a: A taxi driver}
  - {slug: cafe, label: Cafe, a: A cafe}
areas:
  - {name: Harrow Vale, demonstration: "yes", outward_codes: [ZZ1]}
  - {name: Oxley Bridge, within: Harrow Vale, demonstration: "yes", outward_codes: [ZZ3]}
  - {name: Temeford, within: Harrow Vale, demonstration: "yes", outward_codes: [ZZ1]}
  - {name: Fylde coast, outward_codes: [FY1]}
  - {name: Blackpool, within: Fylde coast, outward_codes: [FY1]}
"""

COFFEE = """\
---
title: Coffee & cake at the Mill
summary: Tea, toast and a table by the door kept for anyone new.
kinds: [coffee-morning]
ways: [in person]
status: active
provider: {name: The Mill, website: "https://example.org/mill", signatory: stay-connected/the-mill}
venues:
  - name: The Mill
    address: Water Lane
    place: Oxley Bridge
    postcode: ZZ3 1AA
    latitude: 54.6
    longitude: 1.7
schedule:
  - when: every Tuesday 10:30-12:00
    except: [22 December 2026]
cost:
  - {price_pence: 0, condition: Tea by donation}
access: {step-free: "yes", hearing-loop: "no"}
eligibility:
  minimum_age: 18
  who: Anybody.
  not_for: People who need a carer with them.
  referral: not needed
contact: {name: Jo, phone: 01632 960123, email: mill@example.org, hours: any morning}
places: {booking: not needed, waiting_list: none}
first_visit:
  greeter: Jo, in a yellow scarf.
  welcomes_newcomers_alone: "yes"
  bring_someone: "no"
getting_there: {bus: Bus 14., lift_offered: "yes"}
languages: [English, Welsh]
assured_on: 2026-11-10
changed_on: 2026-11-01
changed: Now on Tuesdays
---
## What it is like

About fifteen people. [Their page](https://example.org/mill).
"""

CALLS = """\
---
title: Friendly phone calls
summary: The same volunteer rings you every week.
kinds: [phone-befriending]
ways: [by phone]
provider: {name: Empowerment, charity_number: "1234567"}
area_served: [Fylde coast]
contact: {website: "https://example.org/calls"}
sources:
  - {name: Their page about calls, website: "https://example.org/calls", read_on: 2026-11-20}
---
Somebody rings.
"""

SHED = """\
---
title: The net loft shed
summary: Mend a chair, drink tea.
kinds: [shed]
ways: [in person, online]
status: active
provider: {name: Net Loft}
venues:
  - {name: Net Loft, address: Quay, place: Temeford, postcode: ZZ1 1AA, access: {step-free: "yes"}}
  - {name: Mill yard, place: Oxley Bridge}
schedule:
  - {when: every Monday 09:30-13:00, venue: Net Loft}
  - {when: "5 June 2027 10:00-12:00", venue: Mill yard, note: The yearly sale.}
cost:
  - {price_pence: 250}
contact: {phone: 01632 960124}
assured_on: 2026-03-01
---
Tools are there.
"""

REFUGE = """\
---
title: A quiet coffee for women
summary: A safe table with somebody to listen.
kinds: [coffee-morning]
ways: [in person]
status: temporarily closed
provider: {name: Safe Table}
venues:
  - {place: Blackpool, hidden: "yes"}
schedule:
  - when: every Friday 10:00-11:00
contact: {phone: 01632 960125}
places: {booking: needed, how: Ring Anna., waiting_list: full, as_of: 2026-11-02}
assured_on: 2025-06-01
---
Come as you are.
"""

GONE = """\
---
title: The old lunch club
summary: It closed when the hall did.
kinds: [coffee-morning]
ways: [in person]
status: defunct
provider: {name: The old hall}
venues:
  - {name: The old hall, place: Temeford}
contact: {phone: 01632 960126}
assured_on: 2026-01-01
---
It was good.
"""

PLEDGE = """\
---
title: Stay Connected
summary: Nobody who walks in stays a stranger.
who_may_sign: [organisation, person]
signer_kinds: [taxi, cafe]
run_by: {name: Vale Council, website: "https://example.org/"}
versions:
  - version: 1
    from: 2026-01-01
    statement: We promise to keep people in touch.
    commitments:
      - {id: welcome, title: Greet them., text: A named person at the door.}
      - {id: miss, title: Notice when they stop coming., required: "no"}
---
What it is for.
"""

ENDED = PLEDGE.replace("title: Stay", "status: ended\ntitle: Once").replace(
    "summary: Nobody", "summary: Once nobody"
)

MILL = """\
---
name: The Mill
signer: organisation
kind: cafe
place: Oxley Bridge
version: 1
promises:
  welcome: {state: doing, how: Jo stands at the door.}
  miss: {state: starting, by: 2027-02-01}
since: 2026-02-01
confirmed_until: 2027-02-01
---
We are a cafe.
"""

TAXI = """\
---
name: A taxi driver in Temeford
signer: person
kind: taxi
place: Temeford
version: 1
promises:
  welcome: {state: doing}
since: 2024-06-01
confirmed_until: 2025-06-01
---
"""

WORDS = {
    "content/taxonomy.yml": TAXONOMY,
    "content/activities/coffee-at-the-mill.md": COFFEE,
    "content/activities/phone-calls.md": CALLS,
    "content/activities/net-loft-shed.md": SHED,
    "content/activities/quiet-coffee.md": REFUGE,
    "content/activities/old-lunch-club.md": GONE,
    "content/pledges/stay-connected/index.md": PLEDGE,
    "content/pledges/stay-connected/the-mill.md": MILL,
    "content/pledges/stay-connected/a-taxi-driver-in-temeford.md": TAXI,
    "content/pledges/once-connected/index.md": ENDED,
}


def prose(title: str, text: str, template: str = "") -> str:
    template_line = f"template: {template}\n" if template else ""
    return f"---\ntitle: {title}\ndescription: About {title.lower()}.\n{template_line}---\n{text}\n"


PROSE = {
    "content/index.md": prose(
        "Find company", "Come in.\n\n## Not sure?\n\n[Ask](ask.md) us.", "home.html"
    ),
    "content/find.md": prose(
        "Find", "Any words.\n\n## Good to know\n\nNot known, ask.", "find.html"
    ),
    "content/ask.md": prose(
        "Ask for help", "We are here.\n\n## What we do\n\nWe ring.", "ask.html"
    ),
    "content/get-help-now.md": prose("Get help now", "# Get help now\n\nRing [999](tel:999)."),
    "content/point-someone-on.md": prose("Point someone on", "Notice. Listen."),
    "content/about.md": prose(
        "About", "<script>alert(1)</script>\n\n## Who\n\nUs <b onclick='x()'>all</b>."
    ),
    "content/accessibility.md": prose("Accessibility", "We try."),
    "content/privacy.md": prose("Privacy", "We keep little."),
}
