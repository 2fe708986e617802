"""What a moderator should look at twice: patterns over plain small letters, and the list of abuse. Data."""

# ruff: noqa: E501, SIM905 - a pattern reads best on one line, a list as words

from __future__ import annotations

from typing import NamedTuple


class Hint(NamedTuple):
    points: int
    pattern: str


DIAGNOSIS = (
    r"\b(?:diagnose (?:me|this|it|my)|(?:can|could|please|would) (?:you |someone |anyone )?(?:please )?(?:diagnose|tell me what (?:is|i.?s|i have|i.?ve got|it is i have|illness|disease|condition|my (?:mri|scan|x-?ray))))",
    r"\bwhat(?:.?s| is| could be| might be) wrong with (?:me|my)\b",
    r"\bwhat (?:do|could|might) i have\b|\bwhat (?:disease|illness|condition|injury) (?:do i|is (?:this|it)|have i)\b",
    r"\b(?:do i have|have i got|could (?:i|it|this) (?:have|be)|is (?:it|this)|might (?:it|this) be)(?: \w+){0,3} (?:slipped dis[ck]|herniated dis[ck]|herniation|hernia|arthritis|cancer|tumou?r|fracture|torn \w+|fibromyalgia|multiple sclerosis|ms|stenosis|spondyl\w+|neuropathy|bursitis|gout|lupus|carpal tunnel syndrome)\b",
    r"\b(?:my|the) (?:mri|scan|x-?ray|ultrasound|blood test)s? (?:says?|shows?|showed|said|reads?)\b.{0,200}\bwhat (?:does|do|should|is)\b",
    r"\b(?:should|do) i (?:get|have|need) (?:an? |the )?(?:mri|scan|x-?ray|surgery|operation|injections?|cortisone)\b",
    r"\b(?:was (?:habe|hab) ich (?:da|denn|fur eine krankheit)|konnen sie (?:mir )?(?:eine )?diagnose|ist das ein bandscheibenvorfall|que tengo yo|que enfermedad tengo|puede(?:s|n)? diagnosticar|qu.est-ce que j.ai comme maladie|pouvez-vous (?:me )?diagnostiquer)\b",
)

# Points add up; PROMOTION_THRESHOLD makes a flag.
PROMOTION_THRESHOLD = 2
PROMOTION: tuple[Hint, ...] = (
    Hint(2, r"\b(?:i have|we have|got) (?:\w+ )?slots? (?:on|next|this|for|free)\b|\bslots on \w+days\b"),
    Hint(
        2,
        r"\b(?:two|three|few|some|\d+) places left\b|\btake (?:on )?new clients\b|\bjoin (?:the|our|my) waiting list\b",
    ),
    Hint(
        2,
        r"\bbook through\b|\bfirst one (?:is )?free\b|\bread my own blog\b|\bi sell\b|\bi(?:.ve| have) made a course\b",
    ),
    Hint(2, r"\bwe developed an app\b|\bdiscount code\b|\bmy e-?book\b.{0,60}\bon sale\b|\bmy you ?tube videos\b"),
    Hint(
        2,
        r"\bin meiner praxis in \w+ behandle\b|\b(?:mein|unser) kurs\b.{0,60}(?:startet|platze|preis)|\bonline-?beratung\b",
    ),
    Hint(
        2,
        r"\bauf meinem kanal\b|\btermine online\b|\bdans mon cabinet\b.{0,60}(?:rendez-vous|traite)|\bsur ma chaine\b",
    ),
    Hint(2, r"\bmon programme\b.{0,60}(?:commence|places|prix)|\bje propose des consultations\b|\bofrezco consultas\b"),
    Hint(2, r"\ben mi consulta\b.{0,60}(?:cita|trato)|\bmi curso\b.{0,60}(?:empieza|plazas|precio)|\ben mi canal\b"),
    Hint(
        2,
        r"\b(?:first|initial|1st) (?:session|visit|appointment|consultation|treatment|class|lesson|month|week)(?: \w+){0,3} (?:half|free|on us|off|for only|for just|[£$€]\d)",
    ),
    Hint(
        2,
        r"\b(?:dm|pm|message|inbox|text|whatsapp) (?:me|us)(?! (?:when|if|back))(?: \w+){0,3} (?:for|to|the word|\")|\bdm me\b|\bdms? (?:are )?open\b|\bslide into my dms?\b",
    ),
    Hint(
        2,
        r"\blink in (?:my |the )?(?:bio|profile)\b|\bfollow (?:me|us) (?:on|at|@)|\b(?:subscribe to|check out|visit|watch|see|have a look at|take a look at|head (?:over )?to|find me on|listen to) (?:my|our) (?:\w+ )?(?:you ?tube|channel|instagram|tik ?tok|podcast|site|website|page|shop|store|blog|course|video|videos|practice|clinic|studio|profile|app|book|ebook|newsletter|programme|program)\b",
    ),
    Hint(
        2,
        r"\b(?:my|our) (?:new |own |online |free |\d+[- ]week |\w+ )?(?:e-?book|course|masterclass|webinar|workshop|programme|program|boot ?camp|coaching|academy|membership|newsletter|app|retreat|online class(?:es)?)\b(?: \w+){0,12} (?:only|just|free|[£$€]\d|sign up|join|available|on (?:my|our)|covers|teaches|helps|starts|doors|link|at \w+\.|launch\w*|out now|spots?|places?)",
    ),
    Hint(
        2,
        r"\b(?:book|reserve|order|buy|get)(?: \w+){0,4} (?:at|on|via|through|with) (?:me|us|my|our|[a-z0-9-]+\.(?:com|net|org|de|co|uk|fr|es|example|io|shop|info))\b|\bbook (?:now|online|today|your (?:free |first )?(?:slot|place|session|appointment|consultation|spot))\b|\bbookings? (?:via|at|open|through)\b",
    ),
    Hint(
        2,
        r"\b(?:promo|discount|coupon|voucher) ?codes?\b|\buse code \w+|\b\d{1,2} ?(?:%|percent|per cent) (?:off|discount|cheaper|rabatt|de descuento|de remise)|\bmention this (?:blog|site|page|article|post|comment)\b|\bearly[- ]bird\b|\bhalf[- ]price\b|\bspecial offer\b|\bintroductory (?:offer|price)\b",
    ),
    Hint(
        2,
        r"\bdoors (?:close|open)\b|\b(?:limited|last|few|\d+) (?:spots?|places?|seats?|spaces) (?:left|available|remaining|only)\b|\bsign up (?:at|on|now|today|here|via|before|for my|for our)|\benrol+(?:ment|l)? (?:now|today|at|here|is open)|\bgrab (?:it|your|a)\b(?: \w+){0,4} (?:while|copy|spot|place|before)|\bregister (?:now|today|at|here|on (?:my|our))",
    ),
    Hint(
        2,
        r"\b(?:free|complimentary) (?:assessment|consultation|consult|trial|session|discovery call|call|screening|taster|class|e-?book|pdf (?:guide|download) (?:on|at|from) (?:my|our)|guide (?:on|at) (?:my|our))\b",
    ),
    Hint(
        2,
        r"\b(?:in|about it in|get|buy|grab|read|order) (?:my|our) (?:new |own |latest )?(?:book|e-?book|guide|course|app)\b|\bavailable (?:on|at|from|via) (?:amazon|kindle|my|our|etsy|the app store|gumroad|udemy|patreon)\b|\b(?:download|get|try) (?:it|my|our|the app)(?: \w+){0,3} (?:from|in|on) the app ?store\b",
    ),
    Hint(
        2,
        r"\b(?:on|at|via|check|check out|see|visit|join|follow) (?:my|our) (?:\w+ )?(?:instagram|insta|facebook|tiktok|tik tok|etsy|patreon|telegram|whatsapp|linkedin|you ?tube|substack|shop|store|group|page|channel)\b|\b(?:comment|type|send me|text me) (?:the word )?\w+ (?:on my|below|and i)",
    ),
    Hint(
        2,
        r"\bcode \w*\d+\b|\b(?:gives|get|gets|save|saves) you (?:\w+ ){0,2}(?:percent|%|off)|\b(?:slots?|spaces|appointments|places) (?:free|available|open)\b|\b(?:prices?|bookings?|details|dates|more|info|slots?) (?:on|at|via) my (?:web ?site|page|profile|instagram|site)\b|\b(?:call|ring|contact|email|phone) (?:my|our) (?:office|clinic|practice|studio|reception|team)\b",
    ),
    Hint(
        1,
        r"\bi can (?:fix|cure|heal|sort|solve) (?:this|that|you|it|your)|\bwe (?:make|sell|build|ship)\b|\bmy \w+ (?:app|method|programme|program|system)\b|\b(?:free )?\d+-day (?:\w+ )?(?:challenge|course|plan)\b",
    ),
    Hint(
        2,
        r"\bich biete\b(?: \S+){0,8} an\b|\b(?:schreibt?|schreiben sie|schick\w*) mir (?:einfach |gerne |doch )?(?:eine )?(?:pn|dm|nachricht|privat)|\b(?:besucht|folgt|schaut|abonniert|besuchen sie|folgen sie)(?: \w+){0,3} (?:meinen?|meinem|unseren?|mir)\b|\bpide (?:tu )?cita\b|\bescribeme\b|\bcontactez-moi\b|\bje propose des (?:cours|seances|massages)",
    ),
    Hint(
        1,
        r"\bat (?:my|our) (?:\w+ )?(?:studio|clinic|practice|centre|center|gym|salon|spa|surgery|institute|school)\b|\b(?:my|our) (?:studio|clinic|practice|salon|spa|institute)\b",
    ),
    Hint(
        2,
        r"\bcome (?:to|and see|see|visit|by|round to) (?:me|us|my|our)\b(?: \w+){0,6} (?:studio|clinic|practice|centre|center|salon|spa|we|i|session|treatment|appointment)|\b(?:my|our) (?:studio|clinic|practice|salon|spa|team|therapists)(?: \w+){0,5} (?:offers?|specialis\w+|specializ\w+|is open|can help you|will fix|treats)",
    ),
    Hint(
        1,
        r"\bwe (?:offer|treat|provide|run|specialise|specialize|do (?:home )?visits|have (?:helped|treated) (?:over |more than )?\d+)|\bi (?:offer|run|treat clients|sell|specialise in|specialize in|provide)\b|\bat \w*(?:fix|clinic|physio|care|wellness|spine|massage|chiro|therapy|rehab)\w* we\b",
    ),
    Hint(
        1,
        r"\b(?:certified|qualified|licensed|registered|experienced) (?:coach|trainer|therapist|massage therapist|practitioner|instructor|osteopath|chiropractor|nutritionist)\b",
    ),
    Hint(
        1,
        r"\b(?:my|our) (?:e-?book|course|method|programme|program|workshop|channel|podcast|website|web ?site|products?|clients (?:love|rave|report))\b|\b\d+-step (?:method|system|programme|program)\b|\b\d+[- ]week (?:\w+ )?(?:programme|program|course|challenge|plan)\b",
    ),
    Hint(
        1,
        r"\b(?:contact|call|email|e-mail|ring) (?:me|us) (?:for|to book|at|on|today|now)\b|\bprices? (?:from|start)|\bonly [£$€] ?\d|\b[£$€] ?\d+(?:\.\d\d)? (?:per|a|for (?:a|the|one)) (?:session|hour|month|class)\b|\bguaranteed results\b|\baffiliate\b",
    ),
    Hint(
        2,
        r"\b(?:komm|kommen sie|kommt) (?:doch |gern |gerne |einfach )?(?:in|zu) (?:meine|meiner|unsere|mir|uns)\b|\b(?:meine|unsere|meiner|unserer|mein|unser) (?:praxis|studio|kurs|online-?kurs|workshop|newsletter|kanal|buch|e-?book|programm)\b(?: \w+){0,10} (?:gratis|kostenlos|termin\w*|buchbar|anmelden|buchen|rabatt|nur|online|jetzt)|\berste (?:behandlung|stunde|sitzung) (?:ist )?(?:gratis|kostenlos|umsonst|zum halben preis)|\bjetzt (?:anmelden|buchen|termin)",
    ),
    Hint(
        2,
        r"\b(?:en )?mi (?:clinica|consulta|estudio|curso|canal|centro|taller|libro)\b(?: \w+){0,10} (?:gratis|descuento|reserva\w*|cita|precio|euros|ofrezco|inscrib\w*)|\b(?:primera (?:sesion|consulta|visita) (?:gratis|gratuita|a mitad))|\breserva (?:tu|su|ya)\b|\bsigueme en\b",
    ),
    Hint(
        2,
        r"\b(?:dans )?mon (?:cabinet|studio|cours|programme|atelier|livre|institut)\b(?: \w+){0,10} (?:gratuit\w*|reduction|reserv\w*|rendez-vous|euros|offre|inscri\w*)|\bpremiere (?:seance|consultation) (?:gratuite|offerte|a moitie)|\breservez (?:votre|maintenant|sur)|\bsuivez-moi\b|\bma chaine\b",
    ),
)
PROMOTION_NAME = r"\b(?:clinic|coach|coaching|studio|physio\w*|chiro\w*|osteo\w*|therapy|wellness|massage|spa|praxis|fitness|academy|rehab|pilates|yoga|pt|massagen|fisioterapia|cabinet)\b"

MEDICINES = """ibuprofen paracetamol acetaminophen tylenol advil nurofen aspirin naproxen aleve diclofenac voltaren voltarol
    tramadol codeine co-codamol cocodamol morphine oxycodone oxycontin hydrocodone gabapentin pregabalin lyrica diazepam
    valium lorazepam amitriptyline nortriptyline duloxetine cymbalta baclofen tizanidine cyclobenzaprine flexeril
    methocarbamol carisoprodol soma prednisone prednisolone cortisone dexamethasone celecoxib etoricoxib meloxicam
    metamizol novalgin novaminsulfon ibuprofeno enantyum nolotil doliprane dafalgan magnesium cbd kratom melatonin
    metformin warfarin apixaban quinine"""
DOSE = r"\d{1,5}(?:[.,]\d{1,3})?\s?(?:-\s?\d{1,5}\s?)?(?:mg|milligrams?|mcg|µg|ug|grams?|g|iu|ml|tablets?|tabs?|pills?|capsules?|caps|drops|tabletten|tropfen|comprimidos?|pastillas?|comprimes?|gouttes)\b"

# Whole words, with plural and verb endings; two words and more as they stand, plural at the end.
ABUSE_WORDS = tuple(
    word.replace("_", " ")
    for word in """moron idiot idiotic imbecile cretin dumbass dumbfuck jackass asshole arsehole asshat bastard bitch bollocks_merchant
    bellend wanker tosser twat cunt dickhead dipshit douchebag shithead shitbag scumbag scum retard retarded
    fuck fuckwit fucktard motherfucker bullshitter slut whore slag fag faggot tranny nigger nigga paki chink spic kike wetback gypo
    dyke fatso fatass subhuman vermin degenerate wanking
    shut_up shut_your_mouth shut_the_fuck piece_of_shit pieces_of_shit full_of_shit bullshit horseshit
    go_to_hell rot_in_hell burn_in_hell drop_dead kill_yourself kys go_die hope_you_die hope_you_all_die hope_you_choke hope_you_get_cancer
    fat_cow lazy_cow stupid_cow silly_cow dumb_cow old_hag ugly_bitch fat_pig filthy_pig disgusting_pig stupid_bitch stupid_woman stupid_man
    stupid_people stupid_git lazy_git old_git dumb_blonde you_clown you_clowns you_muppet you_muppets you_fool you_fools you_loser you_losers
    you_freak you_freaks you_scammers you_liar you_liars you_quack you_quacks you_fraud you_frauds you_crook you_crooks you_cow you_pig
    you_stupid you_dumb you_pathetic you_disgusting you_filthy you_ugly you_lazy you_fat you_old_bag
    you_are_stupid youre_stupid are_you_stupid are_you_dumb are_you_brain_dead brain_dead braindead you_are_pathetic youre_pathetic
    you_are_frauds you_people_are_frauds youre_frauds youre_all_frauds you_are_all_frauds youre_all_idiots you_are_a_fraud youre_a_fraud you_are_disgusting youre_disgusting you_are_a_joke
    you_are_worthless youre_worthless you_are_useless youre_useless waste_of_space waste_of_oxygen waste_of_skin
    you_prick you_dick you_tit you_ass you_arse screw_you piss_off bugger_off sod_off get_stuffed up_yours eat_shit
    quack_garbage load_of_crap load_of_shit crock_of_shit nobody_asked_you lying_bastard con_artists snake_oil_scum
    go_back_to_your_country go_back_to_where_you_came back_to_the_kitchen
    vollidiot idioten arschloch arschlöcher wichser hurensohn missgeburt schlampe drecksau volltrottel trottel dummkopf vollpfosten
    spast spasti schwachkopf verpisst_euch verpiss_dich halt_die_fresse halts_maul fick_dich fickt_euch dumme_kuh blöde_kuh dumme_sau du_opfer ihr_penner
    gilipollas hijo_de_puta hijos_de_puta cabrón cabrones imbécil imbéciles subnormal puta_mierda vete_a_la_mierda váyanse_a_la_mierda payasos estafadores_de_mierda idiotas zorra malparido pendejo pendejos
    connard connards connasse abruti abrutis enculé enculés fils_de_pute ta_gueule va_te_faire nique_ta pauvre_con pauvre_conne bande_de_cons bande_d_idiots sinvergüenzas payaso du_idiot blödmann blödmänner idiotin schweine crétin crétins débile_mental salope ordures""".split()
)

THREATS = (
    r"\bgo back (?:to )?where (?:you|they) came from\b|\bthrow them all out\b|\byou should be (?:raped|shot|hanged|beaten)\b",
    r"\b(?:ur|you.?re|you are|u r) so (?:dumb|stupid|thick)\b|\bshut your (?:\w+ )?mouth\b|\bdisgusting (?:cripples|people|women)\b",
    r"\b(?:geh sterben|verrecke|halt (?:einfach |endlich )?(?:die fresse|dein maul)|ich weiss,? wo (?:du|deine))\b",
    r"\b(?:va crever|ta gueule|je sais ou (?:tu|est ton)|fais gaffe a toi|ojala te mueras|ojala te murieras)\b",
    r"\b(?:se donde (?:vives|esta tu)|cierra la boca|du bist so (?:dumm|blod)|(?:geh\w+|sollte\w* man) (?:alle )?eingesperrt)\b",
    r"\b(?:fette|fetten) schweine?\b|\bgros porcs\b|\bgordos de mierda\b|\btypisch weiber\b|\btipica mujer\b|\bbonne femme\b",
    r"\b(?:menuda|pura) mierda\b|\bpanda de (?:charlatanes|payasos)\b|\bpauvre type\b|\bfracasado\b|\bdu versager\b|\bscheissdreck\b",
    r"\b(?:i|we)(?:.?ll| will| am going to|.?m going to|.?m gonna| gonna| would love to| should) (?:kill|smash|hurt|find|beat|break|stab|shoot|burn|destroy|punch|slap|come for|get|hunt|ruin|track) (?:you|your|u|ur|y.?all|them all)\b",
    r"\b(?:you|u)(?:.?ll| will| are going to|.?re going to) (?:regret|pay for|be sorry|suffer)\b|\bwatch your back\b|\bi know where (?:you|your|u)\b|\byou deserve (?:to (?:die|be)|a (?:slap|beating|punch|kicking)|cancer)",
    r"\bhope (?:that )?(?:you|someone|somebody|they|he|she|your)(?: \w+){0,3} (?:dies?|breaks?|rots?|chokes?|suffers?|burns?|drowns?|cancer|cripples?|hurts? you|run over|sued into|lose (?:your|a) )",
    r"\b(?:you|u|such|these|those|bunch of|pack of|load of)(?: \w+){0,3} (?:pigs?|cows?|dogs?|rats?|witch(?:es)?|liars?|clowns?|cretins?|frauds|crooks?|parasites?|leech(?:es)?|losers?|scammers?|animals|charlatans|thieves|imbeciles)\b(?! and cats)",
    r"\b(?:this|the|that|what an?) (?:\w+ )?(?:woman|man|guy|author|writer|girl|lady|person|so-called \w+)(?: who wrote this)? (?:is|must be) (?:\w+ )?(?:an? )?(?:too )?(?:dumb|stupid|idiot|retarded|thick|braindead|fat|ugly|senile|mental)\b",
    r"\btoo (?:dumb|stupid|thick) to\b(?<!i am too stupid to)(?<!i'm too stupid to)(?<!im too stupid to)",
    r"\bsomeone (?:should|ought to) (?:punch|slap|kill|shut|beat|burn)\b",
    r"\b(?:women|men|foreigners|immigrants|muslims|jews|blacks|gays|fat people|indians|poles|gypsies)(?: \w+){0,2} (?:should(?:n.?t| not)? be|are (?:all )?(?:stupid|vermin|animals|parasites|disgusting|too (?:stupid|dumb))|belong|shouldn.?t (?:be|write|teach))",
    r"\bich (?:bring|mach|schlag)\w* (?:dich|euch)\b|\bte voy a (?:matar|encontrar|romper)\b|\bje vais (?:te|vous) (?:tuer|trouver|casser)\b",
)

SELF = frozenset("i im ive me myself was am felt feel feeling my bin ich war soy suis je".split())
SHOUTING_LETTERS_MIN = 24
SHOUTING_SHARE = 0.75
