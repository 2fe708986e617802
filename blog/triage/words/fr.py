"""French words behind each idea of the emergency rules; a first set. See `en`."""

WORDS: dict[str, str] = {
    "NEG": "pas sans ni aucun aucune jamais exclu écarté non nie",
    "NOT_NEG": """sais_pas pas_sûr pas_seulement arrive_pas arrive_plus peux_pas peux_plus sens_plus sens_pas
        pas_normal passe_pas pas_mieux pas_bien contrôle_pas va_pas pas_réussi sens_rien veux_pas veux_plus
        pas_envie sent_plus""",
    "ENDS_NEG": "mais cependant pourtant depuis quand parce maintenant juste seulement pendant sinon",
    "GONE": "exclu exclue écarté écartée a_disparu disparu est_normal est_normale négatif",
    "NOW": """maintenant hier ce_matin ce_soir cette_nuit depuis_hier depuis_ce depuis_cette depuis_deux_jours
        depuis_trois_jours depuis_quelques depuis_une_heure depuis_le depuis_la depuis_avant_hier il_y_a_deux_jours
        il_y_a_une_heure aujourd_hui aujourdhui en_ce_moment cette_semaine la_semaine_dernière depuis_lundi
        depuis_mardi depuis_mercredi depuis_jeudi depuis_vendredi depuis_samedi depuis_dimanche hier_soir depuis_mon
        depuis_ma depuis_l""",
    "ONSET": "nouveau nouvelle de_plus_en pire empire",
    "HISTORY": """il_y_a_des_années il_y_a_dix_ans il_y_a_10_ans il_y_a_longtemps ans_plus_tôt autrefois
        dans_le_passé l_année_dernière l_an_dernier quand_j_étais a_eu_autrefois il_y_a_cinq_ans
        il_y_a_quelques_années une_fois il_y_a_plusieurs""",
    "OUTCOME": "opéré opérée diagnostiqué guéri",
    "CHRONIC": "depuis_des_années chronique depuis_toujours depuis_longtemps",
    "IF": "si s_il au_cas",
    "GENERIC": "quelqu_un quelquun patients clients gens personnes les_gens on_a",
    "SIGNS": """signes_de signe_de symptômes_de avertissement drapeaux_rouges l_article signifie une_raison
        mentionner liste_des""",
    "LAUGH": "rire rigoler mdr rigolé",
    "WORRY": "est_ce_normal est_ce_grave c_est_normal c_est_grave",
    "MY": "mon ma mes son sa ses",
    "ME": "j je il elle on mari femme mère père",
    "HAVE": "ai suis sens peux a est arrive perds",
    "VERBAL": "j je ai suis est a mon ma mes c il elle sens peux les deux",
    "PAST": "avais étais était avait eu pouvais ai_perdu",
    "PRESENT": "ai suis est sens peux arrive a fait",
    "CANT": """n_arrive_plus n_arrive_pas arrive_plus arrive_pas ne_peux_plus ne_peux_pas peux_plus peux_pas
        ne_sens_plus sens_plus incapable du_mal_à impossible n_arrive ne_peut_plus peut_plus mal_à j_arrive_plus""",
    "NOFEEL": """ne_sens_plus sens_plus sens_plus_rien ne_sens_rien sens_rien plus_de_sensation
        plus_de_sensations aucune_sensation perte_de_sensation perte_de_sensibilité perdu_la_sensibilité insensible
        ne_sent_plus""",
    "FEEL": "sens sentir sent",
    "NUMB": """engourdi engourdie engourdis engourdies engourdissement engourdissements anesthésié anesthésiée
        endormi endormie endormies cotonneux cotonneuses endormis""",
    "TINGLE": "fourmillements fourmillement fourmis picotements picotement",
    "SADDLE": """entre_les_jambes parties_intimes parties_génitales périnée génitales organes_génitaux sexe vagin
        pénis testicules anus entrejambe selle fesses entrecuisse""",
    "WIPE": "m_essuie essuyer papier_toilette papier_wc essuie",
    "PEE": "uriner urine pipi pisser vessie faire_pipi urines",
    "POO": "selles caca sphincter intestin",
    "RETENTION": "rétention_urinaire rétention_d_urine",
    "SOILED": """me_fais_dessus me_suis_fait_dessus me_pisse_dessus fait_pipi_dessus incontinence incontinent
        incontinente me_suis_uriné fuites_urinaires_depuis pipi_dessus urine_dessus retenir_mes_urines
        retenir_mon_urine retenir_l_urine retenir_mes_selles je_me_fais_pipi fais_pipi_dessus""",
    "CONTROL": "contrôle contrôler retenir contrôlé",
    "LOSS": "perte perdu perds plus",
    "LEGS": "jambes les_jambes deux_jambes pieds deux_pieds",
    "BOTH": "deux_jambes les_deux deux_pieds",
    "LEG": "jambe pied mollet cuisse genou cheville",
    "FOOT": "pied orteils cheville",
    "ARM": "bras bras_gauche main doigts",
    "ONESIDE": "côté_gauche côté_droit un_côté moitié gauche droit",
    "WEAK": """faible faibles faiblesse lourdes lourde paralysé paralysée paralysie sans_force plus_de_force
        lâchent me_lâchent se_dérobent dérobent flageolent molles tiennent_plus portent_plus bouge_plus
        ne_bouge_plus répond_plus ne_répond_plus répondent_plus""",
    "MOVE": "bouger marcher lever tenir debout relever appuyer",
    "PROGRESS": "de_plus_en_plus pire_chaque empire s_aggrave aggrave chaque_jour",
    "EXERCISE": "squats entraînement musculation courir marathon pompes course courbatures sport",
    "POSTURE": "assis assise vélo croisées croise",
    "BIKE": "vélo cyclisme",
    "CHEST": "poitrine thorax coeur sternum",
    "CHESTMUSCLE": "pectoral pectoraux petit_pectoral muscle_de_la_poitrine de_tout_coeur par_coeur bon_coeur",
    "TIGHT": "serre serrée oppression oppressée pression étau poids compression serrement oppresse souffle_coupé",
    "HURT": """douleur douleurs mal fait_mal font_mal douloureux douloureuse brûlure élancement lance
        coup_de_poignard""",
    "CHESTPAIN": "douleur_thoracique angine_de_poitrine douleurs_thoraciques",
    "HEARTATTACK": "infarctus crise_cardiaque",
    "JAW": "mâchoire cou",
    "SPREAD": "descend_dans irradie jusqu_au_bras dans_le_bras vers_le_bras remonte_dans",
    "SWEAT": "transpire transpiration sueurs sueur sueurs_froides transpirant",
    "BREATHLESS": """essoufflé essoufflée essoufflement du_mal_à_respirer mal_à_respirer peux_plus_respirer
        souffle_court manque_d_air peine_à_respirer n_arrive_pas_à_respirer""",
    "SICK": "nausée nausées vomir vomissements vertiges malaise évanoui évanouie vomi",
    "EFFORT": "escaliers à_l_effort effort",
    "COUGHBLOOD": "crache_du_sang craché_du_sang tousse_du_sang crachats_de_sang toussé_du_sang",
    "FACE": "visage bouche figure joue lèvre",
    "DROOP": "tombe tombante tombant affaissé affaissée tordue pend de_travers paralysé",
    "SLURRED": """n_arrive_plus_à_parler arrive_plus_à_parler peux_plus_parler trouve_plus_mes_mots
        parle_bizarrement mal_à_parler trouve_pas_mes_mots trouble_de_la_parole parle_mal parle_bizarre""",
    "HEADACHE": "mal_de_tête maux_de_tête mal_à_la_tête migraine céphalée tête",
    "WORST": "pire de_ma_vie plus_fort coup_de_tonnerre",
    "ever": "de_ma_vie",
    "SUDDEN": "soudain soudaine soudainement tout_à_coup d_un_coup brutal brutale brusquement",
    "VISION": "vue vision oeil yeux",
    "DOUBLE": "vois_double vision_double vois_en_double",
    "SIGHTLOST": "noir floue flou perdu perdue trouble",
    "STIFFNECK": "nuque_raide raideur_de_la_nuque cou_raide",
    "NECK": "cou nuque cervicales",
    "FEVER": "fièvre frissons fiévreux fiévreuse",
    "TEMPERATURE": "température fièvre degrés",
    "SPINE": "dos colonne lombaires vertèbre reins",
    "FALL": "tombé tombée chute suis_tombé suis_tombée",
    "CRASH": "accident accident_de_voiture renversé renversée",
    "SEVERE": "forte fort fortes atroce terrible insupportable horrible violente intense",
    "CALF": "mollet mollets jambe",
    "SWOLLEN": "gonflé gonflée enflé enflée gonflement gonfle",
    "HOT": "chaud chaude brûlant",
    "COLOUR": "rouge violet violette bleu bleuâtre",
    "FLIGHT": "vol avion bus plâtre voyage",
    "SURGERY": "opération chirurgie césarienne",
    "DVT": "phlébite thrombose caillot embolie",
    "BLOOD": "sang saigne saignements saignement",
    "SUICIDE": """suicide suicider me_suicider me_tuer en_finir envie_de_mourir veux_mourir veux_plus_vivre
        plus_envie_de_vivre ne_plus_vivre mettre_fin_à_mes idées_noires me_faire_du_mal plus_me_réveiller
        pas_me_réveiller ne_plus_être_là plus_être_là disparaître_pour_toujours mettre_fin_à_ma arrêter_de_vivre
        plus_la_force_de_vivre plus_de_raison_de_vivre à_en_finir envie_d_en_finir sauter_du finir_avec_la_vie
        ne_plus_exister mourir envie_de_vivre plus_goût_à_la_vie me_jeter""",
    "BETTEROFF": "mieux_sans_moi un_poids_pour une_charge_pour serait_mieux_sans seraient_mieux_sans",
    "NOPOINT": "vois_plus_le_sens à_quoi_bon plus_le_sens",
    "LIFE": "vie vivre continuer",
    "HOARD": "compté compte gardé stocké",
    "PILLS": "comprimés cachets médicaments somnifères",
    "PREGNANT": "enceinte grossesse",
    "PREGBAD": "saigne saignements sang contractions saignement",
    "BELLY": "ventre abdomen",
    "PULSING": "bat battement pulse",
    "TESTICLE": "testicule testicules",
    "COUGH": "tousse tousser crache",
    "LIMB": "bras jambe main pied",
    "BADCOLOUR": "froid froide blanc blanche bleu pâle",
}
