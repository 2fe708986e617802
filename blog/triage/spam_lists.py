"""What spam is made of: patterns with points. Data, read by `spam`. Patterns see plain small letters."""

# ruff: noqa: E501, SIM905 - a pattern reads best on one line, a list as words

from __future__ import annotations

from typing import NamedTuple

THRESHOLD = 4.0  # points from which a text counts as likely spam
NEAR = 3.5  # from which it is shown as a near miss

LINK_POINTS = (0.0, 1.0, 2.0, 3.5, 5.0)  # by number of links
POINTS = {
    "markup_link": 3.0,
    "invisible": 4.0,
    "short_link": 2.0,
    "keyword_name": 2.5,
    "spaced_letters": 2.0,
    "disguised_letters": 2.5,
    "mixed_scripts": 3.0,
    "hidden_characters": 2.0,
    "seen_as_spam": 5.0,
    "seen_often": 2.5,
    "other_language": 1.0,
    "trap": 1.0,  # password managers fill it in, too: with a form sent at once it stays below the threshold
    "too_fast": 2.5,
    "sender_spam": 3.0,
    "sender_known": -2.0,
    "proof": -1.0,
    "flood": 4.0,  # by itself enough: a flood must not bury what was written by hand
    "learned": 4.0,
    "learned_likely": 1.5,
    "learned_good": -1.0,
    "money_emoji": 1.0,
    "link_off_topic": 2.0,
}


class Topic(NamedTuple):
    name: str
    points: float
    why: str
    pattern: str


TOPICS: tuple[Topic, ...] = (
    Topic(
        "pharmacy",
        4.0,
        "Sells medicines.",
        r"\b(?:viagra|cialis|levitra|sildenafil|tadalafil|kamagra|xanax|ambien|adderall|phentermine|no prescription|without (?:a )?prescription needed|"
        r"(?:online|canadian|cheap) (?:pharmacy|pills|meds|drugs|viagra)|(?:buy|order|cheap|purchase)(?: \w+){0,2} (?:tramadol|soma|oxycodone|oxycontin|hydrocodone|percocet|valium|diazepam|modafinil|ozempic|steroids|pills|meds|cbd oil|cbd gummies|ketamine|fentanyl)|"
        r"(?:keto|cbd) gummies|male enhancement|penis enlargement|enlarge your|rezeptfrei(?:e)? (?:kaufen|bestellen)|potenzmittel|sin receta|sans ordonnance|виагра)\b",
    ),
    Topic(
        "pharmacy_word",
        2.0,
        "Names a medicine that spam often sells.",
        r"\b(?:tramadol|oxycodone|oxycontin|percocet|modafinil|ozempic|overnight delivery|discreet shipping|discreet delivery)\b",
    ),
    Topic(
        "crypto",
        3.0,
        "Speaks of coins, trading or investments.",
        r"\b(?:bitcoin|btc|ethereum|crypto(?:currency|coin|s)?|usdt|forex|binary options?|nft|blockchain|trading (?:platform|bot|signals|account)|traded? for me|account manager|investment (?:platform|plan|opportunity|expert)|invest(?:ed|ing)? (?:only |just )?[$€£]?\d|kryptowahrung\w*|criptomonedas?|inversion garantizada|инвестици\w*|биткоин\w*)\b",
    ),
    Topic(
        "profit",
        2.5,
        "Promises money.",
        r"(?:guaranteed (?:profit|returns?|income|results)|(?:weekly|daily|passive|extra) (?:profit|income|returns?)|[$€£]\s?\d[\d.,]*k?\s?(?:weekly|daily|a day|per day|a week|per week|a month|per month|every week|every day)|"
        r"[$€£]\s?\d[\d.,]*\s?(?:became|turned into|into|to|->|→)\s?[$€£]\s?\d|\d{2,4} ?% (?:profit |return |gain )?(?:in|per|a|every|each) (?:one |a )?(?:day|week|month)|double your money|get rich|make money (?:online|fast|from)|earn (?:up to )?[$€£]?\s?\d[\d.,]*|work(?:ing)? from home|financial freedom|dinheiro rapido|dinero (?:facil|rapido)|gana(?:r)? dinero|geld verdienen|schnelles geld|gagner de l.argent|argent facile|"
        r"(?:online side|side) (?:jobs?|hustles?|gigs?)(?: i do)? online|online side (?:jobs?|hustles?|gigs?)|lost \d+ ?(?:kg|kilos|pounds|lbs) in \d+ (?:days|weeks)|no experience needed|lose \d+ (?:kg|kilos|pounds|lbs) in|perdez \d+ kilos|methode secrete|pierde \d+ kilos|(?<!\d)\d{1,3} kilo abnehmen in|withdraw (?:every|my|weekly|daily)|лёгкий заработок|заработ\w+)",
    ),
    Topic(
        "miracle",
        4.0,
        "Praises a healer who cures everything.",
        r"\b(?:(?:cured|healed) (?:by|of|with|from|my|me)(?: \w+){0,6} (?:herbal|herbs|spell|roots)|(?:herbal|spell|native) (?:doctor|medicine|cure|caster|healer|dr)|spell caster|love spell|(?:my|got my) (?:herpes|hiv|hpv|diabetes|cancer)(?: \w+){0,4} cured|cured? (?:my )?(?:herpes|hiv|hpv|hepatitis)|dr\.? ?\w+ (?:herbal|cured|helped me (?:cure|get)|brought back)|get your ex back)\b",
    ),
    Topic(
        "giveaway",
        4.0,
        "Advertises a giveaway or a code.",
        r"\b(?:join|enter) (?:the|our|my) (?:\w+ )?(?:giveaway|raffle|prize draw)\b|"
        r"\bgiveaway\b.{0,60}\b(?:win|share|like)\b|"
        r"\b(?:code|codigo) [a-z]{2,12}\d{2,3}\b|"
        r"\b(?:claim|collect) your (?:prize|reward|gift|iphone|voucher)\b|"
        r"\b(?:gewinnspiel|sorteo|jeu concours)\b",
    ),
    Topic(
        "channel",
        4.0,
        "Asks for followers.",
        r"\bsub to my\b|\bi (?:sub|follow) (?:you )?back\b|\broad to \d+k?\b|\bsubscribe to me\b|"
        r"\b(?:check out|listen to) my (?:new )?(?:song|mixtape|vlog|vids?)\b|"
        r"\b(?:help me|please) (?:get|reach|hit) [\d.,]+k? (?:subs|subscribers|followers)\b|"
        r"\bfollow me on insta\w*\b|\b\d[\d.,]*k? (?:real )?followers\b",
    ),
    Topic(
        "work_at_home",
        4.0,
        "Promises money for work at home.",
        r"\b(?:verdien\w*|gana\w*|gagne\w*|earn\w*)\b.{0,20}\b[\d.,]{3,7}\s?(?:€|\$|£|euros?|dollars?|pounds?)?\s?"
        r"(?:pro|por|par|am|al|a|per) (?:woche|semana|semaine|tag|dia|jour|week|day|month)\b|"
        r"\b(?:pret entre particuliers|ohne schufa|prestamos? rapidos?|credit rapide|sans justificatif)\b|"
        r"\b(?:marabout|retour de l.etre aime|amarres de amor)\b",
    ),
    Topic(
        "casino",
        4.0,
        "Advertises gambling.",
        r"(?:\b(?:online )?casinos?\b|\bfree spins\b|\bslot ?(?:gacor|online|machines?)\b|\b(?:sports ?)?bett?ing (?:tips|site|odds)\b|\bjackpot\b|\bsportwetten\b|\bapuestas\b|\bpoker online\b|\bjudi\b|\btogel\b|\bbookmaker\b|казино|ставк[аи] на спорт|букмекер|토토|카지노|바카라|娱乐城|赌场|博彩)",
    ),
    Topic(
        "loan",
        4.0,
        "Offers loans or credit.",
        r"(?:кредит\w*|займ\w*)|\b(?:(?:urgent|quick|instant|payday|personal|business|cash) loans?|loans? (?:offer|at \d|of up to|from [$€£\d]|company|lender)|(?:we|i) (?:offer|give out|provide|grant) (?:\w+ ){0,3}loans?|apply for a loan|need a(?:n)? (?:\w+ )?loan|loan at|interest rate|bad credit|credit repair|debt relief|kredit\w* (?:ohne|trotz) (?:schufa|vorkosten)|kreditangebot\w*|sofortkredit|geld leihen|pret (?:rapide|personnel|entre particuliers)|prestamos? (?:rapidos?|urgentes?|personal|inmediato|sin aval)\w*|offre de pret|ofrecemos (?:creditos|prestamos)|sin aval|creditos (?:desde|rapidos))\b",
    ),
    Topic(
        "adult",
        4.0,
        "Advertises sex or dating.",
        r"(?:\b(?:escorts?|escort service|porn\w*|xxx (?:videos?|cams?|pics|movies|girls?)|sex ?cam\w*|webcam girls?|onlyfans|nude (?:pics|photos|girls)|hot (?:girls?|singles|milfs?|women|ladies)|sexy (?:girls?|dates?|singles|women)|call girls?|hookups?|adult (?:dating|cams?|videos?)|singles in your area|(?:girls|women|men|singles|ladies|moms|milfs) (?:in|near|around) (?:your area|you)|lonely (?:women|girls|wives|housewives|hearts)|chat free|free chat|my nudes|sexdate\w*|huren|putas|plan cul|chicas (?:calientes|hot))\b|проститутк\w*|знакомств\w+ для)",
    ),
    Topic(
        "seo",
        4.0,
        "Sells search-engine services.",
        r"\b(?:(?:first|top|1st) (?:page|position|rank\w*) (?:of|on|in) google|rank(?:ing)? (?:your|higher|well|on google)|not ranking|free (?:seo |website |site )?audit|seo (?:services?|agency|expert|company|packages?|experts|consultant)|white ?hat seo|back ?links?|da ?\d\d\+?|increase (?:your )?(?:website )?traffic|website traffic|web ?design services?|more traffic to your|domain authority|link building|boost your (?:website|ranking|sales|seo)|(?:get|drive) more (?:customers|visitors|traffic))\b",
    ),
    Topic(
        "guest_post",
        4.0,
        "Wants to place its own text or links.",
        r"\b(?:guest[ -]?post\w*|sponsored (?:post|article|content|link)s?|do-?follow|link (?:exchange|insertion|swap|placement)|publish (?:an? )?(?:\w+ )?(?:article|post) on your (?:site|website|blog)|write (?:an? )?(?:\w+ )?(?:article|post) for your (?:site|website|blog)|advertis(?:e|ing) on your (?:site|website|blog)|price for (?:a )?(?:post|link)|(?:buy|purchase|place|sell|insert) (?:a|some|our|my|your)? ?(?:text |permanent )?links? (?:on|in|from)|permanent (?:post|link)|how much for (?:a|one|an) (?:\w+ )?(?:post|link|article|ad))\b",
    ),
    Topic(
        "goods",
        3.0,
        "Advertises goods.",
        r"\b(?:replica (?:watch\w*|bags?|handbags?|rolex|shoes)|(?:louis vuitton|gucci|rolex|ray ban|michael kors|nike|jordans?|ugg|prada) (?:outlet|cheap|replica|store|sale)|cheap (?:jerseys|nike|jordans|handbags|flights|followers)|outlet store|wholesale price|factory price|free shipping|buy now|order now|shop now|best price|lowest price|low prices?|special offer|limited offer|up to \d\d ?% off|(?:buy|get|more|free) (?:\w+ ){0,2}(?:followers|likes|subscribers)|gan(?:he|a) seguidores|fake (?:passports?|documents?|id|ids|diplomas?)|buy (?:\w+ ){0,2}(?:passports?|driving licen[cs]e|diploma|essays?)|essay writing service|iptv|hacked? (?:whatsapp|phone|account|spouse)|(?:hire|need|want|find) an? (?:\w+ )?hacker|ethical ?hacker|spy on (?:your|my|a|any)|(?:buy|get|cheap|sell\w*) (?:\w+ ){0,3}(?:google|amazon|trustpilot|yelp|facebook) (?:\w+ )?(?:reviews?|accounts?|ads)|прода(?:ю|м)|баз[аы] email|recover (?:your |my )?(?:lost|stolen) (?:funds|bitcoin|crypto|money)|recovery expert)\b",
    ),
    Topic(
        "crime",
        4.0,
        "Sells hacking or false papers.",
        r"\b(?:(?:hire|need|want|find) an? (?:\w+ )?hacker|hackers? for hire|spy on (?:your |my |a |any )?(?:\w+ )?(?:partner|spouse|wife|husband|girlfriend|boyfriend|phone)|fake (?:passports?|documents?|ids?|diplomas?)|(?:passports?|licen[cs]es?|certificates?|ielts|toefl)(?:,? \w+){0,3} without (?:the |an |any )?(?:exams?|tests?))\b",
    ),
    Topic(
        "contact",
        2.5,
        "Asks to write to a stranger's messenger.",
        r"(?:whats ?app(?: \w+){0,3} ?(?:at |on |: ?|number |no )?\+?\d[\d\s()-]{6,}|(?:telegram|whats ?app|signal|instagram|wechat)\s?(?:at|on|:|me)?\s?@\w{3,}|(?:телеграм\w*|ватсап|вотсап|telegram|whats ?app) ?:? ?@?[\w+]{4,}|t\.me/\w+|wa\.me/\w+|(?:contact|write|message|email|text|reach|inbox) (?:him|her|them|us) (?:now )?(?:on|at|via|through)\b)",
    ),
    Topic(
        "call_to_click",
        2.0,
        "Wants a click.",
        r"\b(?:(?:check(?: out)?|visit|see) (?:https?:|www)|click (?:here|this|the link|on|my|below)|(?:visit|check(?: out)?|see) (?:my|our|this) (?:site|website|web ?page|homepage|blog|profile|page)|(?:feel free|also|please) (?:to )?(?:visit|surf) (?:to )?my|my (?:web ?site|blog|homepage|web ?page|profile)\s?[:;]|click my|weird trick|play now|sign up now|join now|act now|jetzt (?:beantragen|klicken|bestellen|sichern)|hier klicken|clique no link|haz clic|clic aqui|cliquez ici|переход\w+ по ссылке|жми)\b",
    ),
    Topic(
        "mass_name",
        4.0,
        "A start of known mass mails.",
        r"\b(?:(?:dear|hello|hi) (?:webmaster|admin|site owner|dear|beloved)|dear (?:friend|beloved|customer|winner)|i am (?:mr|mrs|miss|barrister|prince|dr)\.? \w+ (?:from|a)\b|next of kin|inheritance (?:of|fund)|lottery|you have won|congratulations,? you|(?:fund|sum|donation|amount) of [$€£]?[\d.,]+ ?(?:million|m\b)|million (?:dollars|usd|euros|pounds)|sell your kidney|join (?:the )?(?:great )?(?:illuminati|brotherhood)|join the brotherhood|testimony (?:on|of|about) how|i want to (?:share|testify) (?:my|a|of|about) (?:testimony|how))\b",
    ),
)

# Praise that fits any page. `strong` ones are known templates; the rest counts only where nothing of the subject stands.
PRAISE_STRONG = 4.5
PRAISE_TEMPLATES = (
    r"what you guys (?:are|tend to be) (?:usually |generally )?up to+",
    r"this (?:kind|sort|type) of clever work",
    r"keep up the (?:\w+ )?(?:excellent|great|good|terrific|wonderful|superb|fantastic|amazing|very good) works",
    r"(?:added|incorporated|included) (?:you guys|you|y.?all|your site|your blog) to (?:my|our)(?: own| personal)? blog ?roll",
    r"(?:have been|i.?ve been|been) (?:surfing|browsing|exploring|searching) (?:online|on-line|on the web|the net|the internet|around)?(?: for)?(?: \w+){0,2}(?: more than| greater than)? ?(?:\w+|\d) hours",
    r"(?:never|not) found any (?:interesting|fascinating|attention-grabbing) article like yours",
    r"(?:pretty|beautiful|lovely) (?:worth|price|value) (?:enough|sufficient) for me",
    r"fastidious|post is (?:pleasant|nice|good|fastidious),? that.?s why i have read it",
    r"i was (?:suggested|recommended) this (?:blog|site|website|web site|web page) (?:by|through|via) (?:my|a) (?:cousin|friend|brother)",
    r"(?:hi|hello|hey)(?: there)?,? (?:i )?(?:just )?wanted to (?:give you a quick heads up|say (?:that )?(?:i|your))[^.]{0,60}(?:browser|opera|explorer|chrome|safari|blog|site)",
    r"(?:what|which) (?:blog )?(?:platform|theme|plugin|hosting|host|template) (?:are you|do you) us(?:ing|e)",
    r"your (?:site|blog|website|web site) (?:loads?|loading) (?:\w+ )?(?:fast|quick|slow)",
    r"(?:subscribe|grab|snatch|find) (?:to )?your (?:rss|e-?mail subscription|feed|newsletter link)",
    r"i (?:will|.?ll|am going to) (?:definitely |certainly |surely )?(?:digg|bookmark|stumble) (?:it|your|this)",
    r"(?:personally )?(?:suggest|recommend) to my friends",
    r"i(?:.?ve| have)? (?:just )?(?:stumbled|came across|come across) (?:upon |on |across )?(?:your|this) (?:blog|site|weblog|website)(?: \w+){0,6} (?:wonderful|awesome|great|amazing|nice|say|enjoyed)",
    r"(?:very|really) (?:informative|helpful|useful|nice|interesting) (?:and \w+ )?(?:post|blog|article|content|information|piece|write-?up)s?[.!,]* (?:keep (?:it up|posting|sharing|writing)|thanks? for (?:the )?(?:shar\w+|post\w*)|i (?:really )?(?:appreciate|like|enjoy))",
    r"nice (?:post|article|blog|info|information|sharing)[.!,]* thanks? (?:you )?for (?:the )?(?:share|sharing|post|posting|information|info)",
    r"thanks? (?:you )?for (?:sharing|posting) (?:such|this) (?:an? )?(?:\w+ )?(?:pleasant|nice|great|good|wonderful|fastidious|informative|valuable|useful|amazing|excellent|knowledgeable) (?:\w+ )?(?:opinion|thought|idea|information|post|article|content|blog|info|piece|knowledge|blogs?)",
    r"(?:this|your) (?:post|article|blog|site|website|web page|paragraph|piece of writing) (?:gives|provides|offers) (?:\w+ )?(?:clear idea|nice|pleasant|good quality|valuable|quality)",
    r"(?:wow|hi|hello)?,? ?(?:superb|marvell?ous|fantastic|wonderful|magnificent|remarkable|incredible|excellent) (?:blog|weblog|website|web site|site|issues|points|goods|post|publish)(?: layout| here)?[.!,]+",
    r"how (?:long|lengthy) have you (?:ever )?been (?:blogging|running a blog)",
    r"you (?:make|made) (?:blogging|running a blog) (?:look|glance) easy",
    r"(?:the (?:whole|full|entire|overall) (?:glance|look) of your (?:site|website|web site))",
    r"(?:your|the) (?:writing style|way of (?:writing|telling|describing|explaining)) is (?:amazing|pleasant|nice|good|awesome|great|fantastic)",
    r"i (?:am|.?m) (?:really |truly )?(?:impressed|pleased|happy|glad) (?:with|by|to read|to find)(?: \w+){0,3} (?:your writing|this (?:site|website|web site|webpage|blog)|your (?:site|blog|web))",
    r"every (?:one|body) (?:will|should) (?:share|read) this (?:site|blog|post)|shared (?:this|it) (?:on|with) my (?:facebook|twitter|social|followers|myspace)",
    r"(?:great|good|nice|excellent|wonderful|awesome) (?:post|article|blog|site|work|info|information|content|job)[.!,]* (?:very (?:useful|helpful|informative|nice)(?: information| info| content| post| article)?[.!,]* )?keep (?:it up|up the good work|posting|sharing)[.!]* *(?:visit|check|see|click|my|http|www|<|\[)",
    r"i (?:will|.?ll) (?:be )?(?:come|coming|visit|check) (?:back )?(?:again )?(?:to )?(?:your|this) (?:site|blog|website|web site) (?:again|daily|regularly|often)",
    r"(?:article|post|blog|content|information) (?:is|was) (?:very |really |so )?(?:well written|good|nice|amazing|informative) and (?:\w+ )?(?:informative|useful|helpful|interesting)[.!]",
    r"you(?:.?ve| have) (?:really |truly )?(?:done|did) a (?:formidable|wonderful|fantastic|magnificent|impressive) (?:job|process|activity|task)",
    r"(?:quality|unique|high quality|good) (?:content|posts?|articles?) (?:is|are) (?:the )?(?:key|important|crucial|main)",
    r"(?:in|on) this particular (?:post|article|topic|subject)|(?:it.?s|it is) the little changes",
    r"(?:we (?:are|.?re)|i (?:am|.?m)|will be) link(?:ing|s)? to (?:this|your) (?:\w+ ){0,3}(?:content|article|post|site|page)",
    r"keep up the (?:\w+ )?(?:writing|posting|blogging)\b",
    r"(?:your|this) (?:blog|site|website) has (?:a lot of|lots of|great|huge) potential",
    r"(?:do you (?:have|mind if i|allow)|would you (?:mind|be interested)) (?:any |in )?(?:\w+ ){0,3}(?:quote a few of your|spam (?:issue|problem|comments)|exchang\w+ (?:links|methods)|guest)",
    r"i am (?:very|so|really) (?:happy|glad|satisfied) to (?:see|look|peer|read) your (?:post|article|blog|site)|look(?:ing)? (?:ahead|forward) to (?:contact|touch) you",
    r"auspicious write-?up|amusement account|more added agreeable",
    r"(?:sehr )?(?:schoner|toller|interessanter) (?:blog|beitrag|artikel)[.!,]* (?:weiter so[.!,]* )?(?:besuch|schau|hier|mehr|www|http)",
)
PRAISE_WEAK = 1.5
PRAISE_PHRASES = (
    r"(?:great|nice|good|excellent|amazing|awesome|wonderful|fantastic|useful|informative|valuable|helpful|interesting|superb) (?:post|blog|article|content|information|info|site|website|write-?up|piece|stuff|work|job)\b",
    r"thanks? (?:you )?(?:a lot |so much )?for (?:shar(?:e|ing)|post(?:ing)?|the (?:information|info|post|blog))\b",
    r"keep (?:it up|up the good work|posting|sharing|writing|blogging)\b",
    r"(?:very|really|so) (?:informative|useful|helpful) (?:information|info|content|post|blog)\b",
    r"(?:look(?:ing)? forward|waiting) (?:to|for) (?:your )?(?:more|next|further) (?:posts?|articles?|updates?)",
    r"your (?:blog|site|website|weblog|posts?|articles?) (?:is|are) (?:\w+ )?(?:great|amazing|awesome|nice|wonderful|informative)",
    r"i (?:love|like|enjoy|appreciate) your (?:blog|site|website|content|work|writing)",
    r"(?:bookmarked|bookmark) (?:your|this) (?:site|blog|page|website)",
    r"(?:share|recommend) (?:this|it|your \w+) (?:with|to) (?:my )?(?:friends|others|everyone)",
    r"i (?:learn(?:ed|t)?|got|gained) (?:a lot|many things|so much|good knowledge) from (?:this|your) (?:post|blog|article|site)",
)

# A text that names any of these speaks about the subject.
SUBJECT = r"""\b(?:muscle|stretch|trigger|massage|neck|back|shoulder|hip|knee|calf|foot|heel|jaw|head|arm|elbow|wrist|hand|leg|
    thigh|buttock|bum|glute|hamstring|piriformis|psoas|soleus|levator|trapezius|masseter|rhomboid|pain|ache|sore|stiff|
    sleep|pillow|ball|roller|posture|exercise|physio|therap|desk|run(?:ning|ner)|breath|spine|rib|chest|picture text|
    screen reader|video|clip|drawing|picture|hold|seconds|minutes|drape|chair|bench|floor|heat|ice|doctor|night|
    daughter|son|mum|mother|husband|wife|garden|driver|work(?:s|ed) for me|it works|help(?:s|ed) (?:me|my|a lot)|
    rucken|schulter|nacken|ubung|espalda|cuello|dolor|epaule|exercice|explanation|warning|author)\w*""".replace(
    "\n    ", ""
)

KEYWORD_NAME = (
    r"(?:https?:|www\.|\.(?:com|net|org|info|biz|ru|cn|xyz|online|shop|site|example|top|io)\b|"
    r"\b(?:best|cheap|cheapest|buy|top ?\d+|seo|casino|slots?|loans?|payday|viagra|cialis|pharma\w*|pills?|replica|outlet|discount|deals?|coupons?|"
    r"escorts?|porn|sexy?|dating|crypto\w*|bitcoin\w*|forex|invest\w*|betting|bets?|followers|marketing agency|web ?design|hosting|vpn|essay|iptv|judi|togel|gacor|gummies|cbd|"
    r"massage gun|review(?:s)? 20\d\d|near me|for sale|online shop|software|services? in|agency|roof\w*|plumb\w+|locksmiths?|lawyers?|attorneys?|towing|movers|removals|real estate|insurance|limo|taxi|wholesale|supplier|manufacturer)\b|\b20[23]\d\b|казино)"
)

SHORTENERS = frozenset(
    "bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly cutt.ly rebrand.ly shorturl.at t.me wa.me rb.gy s.id lnkd.in bit.example".split()
)
