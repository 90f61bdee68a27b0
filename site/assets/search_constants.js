// The constants of search, from catalogue/model/search_constants.toml. Written by
// `python -m catalogue.outputs.search.constants_script`: change them there.

export const LIMITS = {
  q_characters: 200,
  place_characters: 80,
  within_km: 100,
  age: 120,
};

export const FOLDING = {
  short_weight: 60,
  letters: {
    ß: "ss",
    æ: "ae",
    œ: "oe",
    ø: "o",
    ł: "l",
    đ: "d",
    ð: "d",
    þ: "th",
    ħ: "h",
    ı: "i",
    ŋ: "n",
    ς: "σ",
  },
  short_forms: {
    st: "saint street",
    rd: "road",
    mt: "mount",
    ave: "avenue",
    sq: "square",
    gdns: "gardens",
    ln: "lane",
    cres: "crescent",
    ct: "court",
    pk: "park",
    ctr: "centre",
    gt: "great",
    lt: "little",
    upr: "upper",
    lwr: "lower",
    nr: "near",
    grp: "group",
  },
  same: {
    somebody: "someone",
    anybody: "anyone",
    everybody: "everyone",
    center: "centre",
    neighbor: "neighbour",
    neighbors: "neighbours",
    mam: "mum",
    mom: "mum",
    mummy: "mum",
    daddy: "dad",
    nana: "nan",
    nanna: "nan",
    gran: "nan",
    granny: "nan",
    grandma: "nan",
    telephone: "phone",
    hubby: "husband",
    hubbie: "husband",
    missus: "wife",
    owt: "anything",
    nowt: "nothing",
    summat: "something",
    tonite: "tonight",
    tmrw: "tomorrow",
    tomoz: "tomorrow",
    wkend: "weekend",
    wknd: "weekend",
    pt: "patient",
  },
};

export const RULES = {
  near_km: 8,
  about_km: 12,
  further: 6,
  enough: 5,
  area_km: 20,
  ageing_km: 3,
  ageing_days: 3,
  ageing: {
    fresh: 0,
    ageing: 1,
    unchecked: 1,
    "ring first": 2,
    old: 2,
  },
};

export const PLACES = {
  before:
    "nr | in | at | around | round | by | close | to | from | outside | just | next | off | of | within",
  anywhere:
    "area | uk | united kingdom | gb | great britain | britain | village | town | city | centre | center\ntown centre | city centre",
  short_for: "on | in | under | le | la | de | by | next | with | super | cum",
  self: "me | my | here | home | house | nearby",
  common:
    "the | st | saint | village | church | parish | community | hall | centre | library | school | room\nrooms | memorial | methodist | baptist | town | leisure | sports | health | surgery | pub | inn\nclub | house | park | hub | cafe | social | primary | working mens | scout | legion",
  postcode_areas:
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE ZZ",
  nations: {
    england: "england",
    scotland: "scotland",
    wales: "wales",
    cymru: "wales",
    "northern ireland": "northern ireland",
    "n ireland": "northern ireland",
    ni: "northern ireland",
  },
};

export const SPELLING = {
  one_slip_from: 4,
  two_slips_from: 6,
  completed_from: 2,
  known_completed_from: 8,
  completed: 60,
  completed_more: 20,
  small_words:
    "a about after again all also am an and any anybody anymore anyone anything are around as at be because been bit but by can close could do does else ever every for from get go going got had has have he hello help her here hes hi him his how i id if ill im in is it its ive join just like likes live look looking lot lots love loves loving may me meet more much my near nearby need needs of on or other others our own please quite really said says she shes should since so some somebody someone something somewhere such take than that thats the their them then there theres these they theyre think this to too us used uses very want wanted wants was we were what whats when where which who whos whose will with within would yet you your youre ac angen ar beth ble cael chi chwilio ddod digwydd dod dw dwi dych efo eich ein eisiau fi fy fynd gael gallaf gallu gallwn gan gen gwneud gyda hoffem hoffi hoffwn isio mae mewn mi moyn mynd neu nhw o oedd oes ond pwy rhywbeth rhywle rhywun rwy rwyf rydw rydym rydyn rywbeth rywle sut sy sydd ti wneud wrth y ydw ydy ydych ym ymlaen yn yng yr yw",
};

export const RANK = {
  all_words: 100000,
  whole_title: 30000,
  begins_title: 2000,
  in_title: 300,
  others_percent: 10,
  doubt: 40,
  in_phrase: 60,
  first_kind: 20,
  common_at_least: 20,
  common_percent: 5,
  fields: {
    title: 10,
    labels: 8,
    where: 5,
    summary: 4,
    needs: 3,
    more: 2,
  },
  concepts: {
    kind: 200,
    need: 120,
    place: 100,
    outward_code: 40,
  },
};

export const SITE_PAGES = {
  at_most: 4,
  in_title: 2,
};

export const AUDIENCE = {
  old_from: 50,
  before_age: "hes | shes | im | aged | age | turned | turning | theyre",
  before_person: "for | about | with",
  oneself: "im | ive | i am | i have | i feel | i live",
  years: "year | years | yr | yrs | old",
  owners: "my | his | her | their | your",
  units:
    "mile | miles | min | mins | minute | minutes | hour | hours | am | pm | o | pound | pounds | quid\npeople | weeks | months | days | km | bus",
  decades: {
    "20s": 20,
    "30s": 30,
    "40s": 40,
    "50s": 50,
    "60s": 60,
    "70s": 70,
    "80s": 80,
    "90s": 90,
    twenties: 20,
    thirties: 30,
    forties: 40,
    fifties: 50,
    sixties: 60,
    seventies: 70,
    eighties: 80,
    nineties: 90,
  },
  people: {
    man: {
      words: "man | men | mens | male | gentleman | gentlemen | bloke | blokes | widower",
      relations:
        "dad | father | grandad | granddad | grandpa | grandfather | uncle | brother | son | husband\nhubby | hubbie | boyfriend | grandson | boy | fella | chap",
      pronouns: "he | hes | his | him",
      unfit_kinds: "womens-group",
      age: 0,
    },
    woman: {
      words: "woman | women | womens | female | lady | ladies",
      relations:
        "mum | mother | nan | grandmother | auntie | aunt | sister | daughter | wife | missus | girlfriend\ngranddaughter | dear",
      pronouns: "she | shes | her",
      unfit_kinds: "mens-group",
      age: 0,
    },
    parent: {
      words: "",
      relations: "dad | father | mum | mother | parent | parents | uncle | auntie | aunt",
      pronouns: "",
      unfit_kinds: "parent-and-baby | young-adults",
      age: 0,
    },
    old: {
      words: "elderly | elder | elders | pensioner | pensioners | oap | oaps",
      relations: "nan | grandad | granddad | grandpa | grandfather | grandmother | old",
      pronouns: "",
      unfit_kinds: "parent-and-baby | young-adults",
      age: 70,
    },
    young: {
      words: "teenager | teenagers | teenage | teen | teens | student | students",
      relations: "grandson | granddaughter",
      pronouns: "",
      unfit_kinds: "",
      age: 20,
    },
  },
};
