"""Muscles: the outline of each belly on the views that show it, and where trigger points are commonly described.

Approximate by nature: outlines for orientation, crosses placed after the articles' descriptions of their sites.
"""

from __future__ import annotations

from blog.anatomy.drawing.areas import Shape, one, pair
from blog.anatomy.drawing.curves import points

MUSCLES: dict[str, dict[str, Shape]] = {
    "masseter": {"head-side": one(*points("10,59 17,58 24,60 21,72 14.6,86 8,89 3.6,83 6,70"))},
    "temporalis": {
        "head-side": one(*points("-11,34 -6,22 5,14 16,15 24,25 23.4,37 18,48 16,61 12,62 9,52 0,43 -9,42"))
    },
    "lateral-pterygoid": {"head-side": one(*points("4,61 9,60 18,56.6 27,60 28,67 18,69.4 9,66.6 4,65"))},
    "sternocleidomastoid": {
        "head-side": one(*points("-9.6,67 -4,66.6 -1,80 4,98 10,116 13,134 8,139 -2,138 -5,120 -10,98 -13,80")),
    },
    "scalenes": {"front": pair(*points("21,106 24.4,108 27.6,118 36,127 37,134 24,133 19,126 19,114"))},
    "suboccipitals": {"back": pair(*points("2.4,72 11,69.6 21,72 20,79 12,85 3,88"))},
    "splenius": {"back": pair(*points("2,158 2,132 5,112 13,90 23,71 29,69 25.4,79 20,98 13,122 8,146"))},
    "semispinalis-capitis": {"back": pair(*points("2,70 9,68.6 14.6,72 14.6,92 13,116 12,142 7,168 3.6,150 2,110"))},
    "upper-trapezius": {
        "back": pair(
            *points(
                "1.4,67 7,68 10,84 18,100 24.8,113 30,121 42,128 60,134.6 79,142 70,147 50,146 28,143 12,139 1.4,135"
            )
        )
    },
    "levator-scapulae": {"back": pair(*points("18,82 23,86 24,102 27.4,122 33,144 32,155 27,153 22.6,136 19.4,110"))},
    "middle-lower-trapezius": {
        "back": pair(*points("1.6,136 14,141 40,146 72,147 64,153 40,160 28,172 20,202 10,236 1.6,258"))
    },
    "rhomboids": {"back": pair(*points("2.4,134 9,137 26,154 27.4,176 33,206 31,216 22,206 10,186 2.4,172"))},
    "supraspinatus": {"back": pair(*points("28,152 44,150 62,146 78,147 86,152 72,153.4 50,157 29,163"))},
    "infraspinatus": {
        "back": pair(*points("28,168 48,161 68,156.6 84,154.6 83,163 68,178 52,200 40,215 32,208 28,188"))
    },
    "teres-minor": {"back": pair(*points("48,203 60,188 74,170 84,163 85,170 72,186 56,206 50,208"))},
    "teres-major": {"back": pair(*points("37,222 48,210 64,198 78,187 83,188 74,202 56,218 42,228"))},
    "subscapularis": {"back": pair(*points("28,157 48,157 68,158 82,161 80,170 66,184 53,205 40,221 31,210 28,182"))},
    "latissimus-dorsi": {
        "back": pair(
            *points(
                "1.6,232 20,226 40,216 60,204 76,186 81,188 76,202 72,218 66,244 59,270 54,296 46,310 26,318 "
                "12,328 1.6,333"
            )
        )
    },
    "serratus-anterior": {
        "front": pair(*points("66,188 73,204 71.4,220 67,240 62,256 54,256 48,246 53,232 50,222 57,212 57,202"))
    },
    "deltoid": {
        "front": pair(
            *points("58,140 70,138 82,142.4 92,151 98.6,166 101.6,184 103,206 105,226 98,216 91,196 80,176 66,156")
        ),
        "back": pair(
            *points("52,152 66,146 82,142.4 92,151 98.6,166 101.6,184 103,206 105,226 97,214 88,196 74,174 60,158")
        ),
    },
    "pectoralis-major": {
        "front": pair(
            *points("4,140 18,137 40,141 60,146 76,162 90,180 88,187 78,190 68,204 50,213 26,213 6,206 3,174")
        )
    },
    "pectoralis-minor": {"front": pair(*points("62,150 68,150 67,160 61,180 55,206 47,211 39,202 33,188 44,172"))},
    "biceps-brachii": {
        "front": pair(
            *points("82,160 88,164 97,192 103,224 107,254 106,276 104,296 100,296 97,276 90,252 84,222 80,190")
        )
    },
    "brachialis": {"front": pair(*points("88,232 98,238 107,238 112,258 111,280 103,304 98,304 92,284 87,260"))},
    "triceps-brachii": {
        "back": pair(*points("80,178 92,180 101,196 104,220 108,246 110,266 105,286 99,286 91,270 84,242 78,212"))
    },
    "brachioradialis": {
        "front": pair(*points("109,258 114,270 120,292 126.4,316 128,346 130,390 126,388 120,348 112,318 108,290"))
    },
    "forearm-extensors": {
        "back": pair(
            *points("109,274 115.4,286 123,310 127,334 128,362 130,390 120,394 114,372 107,346 104,318 106,294")
        )
    },
    "forearm-flexors": {
        "front": pair(
            *points("87.6,284 94,294 106,314 115,342 120,370 124,396 113,396 108,372 102.4,348 96,324 90,304")
        )
    },
    "supinator": {"front": pair(*points("104,304 112,293 119,296 122,312 119,330 112,342 110,322"))},
    "pronator-teres": {"front": pair(*points("87.6,282 93,284 104,300 117,322 121,338 116,338 103,320 90,300"))},
    "thumb-muscles": {"palm": one(*points("-14,5 -20,10 -26,19 -33,31 -34,38 -26,39 -18,41 -9,36 -5,26 -7,13"))},
    "erector-spinae": {"back": pair(*points("2.4,140 12,144 19,170 24,206 32,244 34,284 27,314 14,330 3,334 2.4,250"))},
    "multifidus": {"back": pair(*points("1.8,250 8,254 12,284 18,314 17,334 9,354 2,360"))},
    "quadratus-lumborum": {"back": pair(*points("18,262 32,264 46,269 46,286 49,311 36,317 24,314 20,290"))},
    "rectus-abdominis": {"front": pair(*points("2,224 14,219 27,222 29,256 28,296 21,340 8,378 2,381"))},
    "oblique-abdominals": {
        "front": pair(*points("32,236 46,222 62,220 67,236 60,264 58,286 62,312 57,330 42,348 23,364 28,320 31,280"))
    },
    "psoas": {
        "front": pair(
            *points("5,262 12,264 20,292 29,314 46,312 53,326 47,350 39,374 33,398 28,400 27,376 19,346 9,306")
        )
    },
    "gluteus-maximus": {
        "back": pair(*points("13,337 24,328 44,334 60,352 69,376 72,402 67,420 56,413 36,416 15,412 5,398 8,370"))
    },
    "piriformis": {"back": pair(*points("12,346 20,349 40,359 62,368 70,372 62,377 40,376 20,369 11,362"))},
    "gluteus-medius": {"back": pair(*points("23,327 36,315 50,312 63,322 69,344 73,370 66,376 55,358 38,342"))},
    "gluteus-minimus": {"back": pair(*points("37,338 50,328 61,332 68,350 72,370 66,376 55,362 42,352"))},
    "tensor-fasciae-latae": {"front": pair(*points("53,334 61,334 69,352 74,376 74,402 69,408 64,388 57,358"))},
    "sartorius": {
        "front": pair(
            *points(
                "50,333 55,336 50,366 40,410 30,460 26,510 27,548 34,574 30,578 22.6,552 20.6,512 25,460 34,408 44,364"
            )
        )
    },
    "rectus-femoris": {"front": pair(*points("51,346 58,372 61,420 58,466 50,508 45,526 39,526 36,500 38,450 44,396"))},
    "vastus-medialis": {"front": pair(*points("32,434 38,458 40,492 38,520 36,538 27,541 22.4,526 22,498 26,462"))},
    "vastus-lateralis": {
        "front": pair(*points("68,380 74,394 73.4,424 69,466 64,502 59,530 52,534 52,510 59,470 63,426"))
    },
    "adductor-longus-brevis": {"front": pair(*points("5,383 13,385 25,404 33,438 36,470 31,472 20,444 9,416 3,398"))},
    "adductor-magnus": {
        "back": pair(*points("10,404 24,402 28,422 31,460 29,500 25,540 22.4,536 19,500 14,468 7,432")),
    },
    "hamstrings": {
        "back": pair(
            *points(
                "17,404 28,404 45,422 55,450 59,490 60,530 59,560 55,560 50,530 43,512 36,528 30,562 25,566 "
                "22,534 20,498 16,456"
            )
        )
    },
    "gastrocnemius": {
        "back": pair(
            *points(
                "28,550 35,550 42.6,562 49,550 57,550 63,576 65,600 60,628 51,645 43,634 35,655 27,640 22,612 23,580"
            )
        )
    },
    "soleus": {"back": pair(*points("24,606 33,588 50,574 60,570 65,592 64,624 56,664 49,692 38,692 31,668 24,636"))},
    "tibialis-anterior": {
        "front": pair(*points("45,568 54,570 58,594 55,632 48,670 43,700 36,722 33.6,722 37,700 42,660 42,620 42,590"))
    },
    "tibialis-posterior": {
        "back": pair(*points("38,574 50,574 53,606 50,644 43,676 36,700 33,714 31,708 35,680 37,640 36,604"))
    },
    "peroneals": {
        "front": pair(*points("57,566 62.4,572 65.4,602 63.4,636 57,680 55,706 52,706 53,676 57,640 58.6,600")),
        "back": pair(*points("57,566 62.4,572 65.4,602 63.4,636 57,680 56,712 52,712 52,680 57,640 58.6,600")),
    },
    "popliteus": {"back": pair(*points("28,566 36,560 52,550 59,549 58,556 47,566 39,580 29,588"))},
    "plantar-muscles": {
        "sole": one(*points("7,82 -7,82 -14,70 -17,54 -20,40 -16,30 -4,26 9,26 16,32 13,46 10,58 9.6,70"))
    },
}

# Muscles that lie under others: their outline is dashed.
DEEP = frozenset(
    {
        "lateral-pterygoid",
        "suboccipitals",
        "semispinalis-capitis",
        "scalenes",
        "levator-scapulae",
        "rhomboids",
        "supraspinatus",
        "subscapularis",
        "pectoralis-minor",
        "brachialis",
        "supinator",
        "multifidus",
        "quadratus-lumborum",
        "psoas",
        "piriformis",
        "gluteus-minimus",
        "adductor-magnus",
        "soleus",
        "tibialis-posterior",
        "popliteus",
    }
)
