"""Words behind the ideas of rarer dangers, idea by idea in the four languages. Entries are written as in `en`."""

from __future__ import annotations

_IDEAS: dict[str, dict[str, str]] = {
    "PRACTITIONER": {
        "en": """my_patients my_clients my_students my_trainees i_teach i_supervise in_my_clinic in_our_clinic
            in_my_practice in_our_practice on_the_ward on_our_ward as_a_physio as_a_physiotherapist as_a_nurse
            as_a_midwife as_a_psychologist as_a_gp as_a_doctor as_a_therapist as_an_osteopath as_a_paramedic
            as_a_vascular as_a_school nurse_here physio_here gp_here doctor_here dentist_here midwife_here
            chiropractor_here osteopath_here therapist_here paramedic_here physio_student im_a_physio im_a_paramedic
            im_a_nurse im_a_pharmacist im_a_midwife im_a_psychiatric ward_sister ed_doctor rheum_nurse
            i_work_in_a i_work_on_a i_work_in_stroke in_our_hospice i_avoid_pressing i_always_ask my_ladies
            massage_therapist sports_therapist rheumatologist osteopath_for physio_for""",
        "de": """meine_patienten meine_patientinnen meine_klienten meine_kunden meine_kundinnen meine_schüler
            in_meiner_praxis in_unserer_praxis bei_uns_auf_station als_hebamme als_psychologin als_psychologe
            als_physio als_physiotherapeutin als_physiotherapeut als_arzt als_ärztin heilpraktiker heilpraktikerin
            physiotherapeutin_hier physiotherapeut_hier hebamme_hier krankenschwester_hier ich_lehre ich_unterrichte
            in_der_ausbildung rettungssanitäter frage_ich_jeden frage_ich_schmerzpatienten behandle_ich_nicht""",
        "es": """mis_pacientes mis_clientes mis_clientas mis_alumnos soy_fisio soy_fisioterapeuta soy_enfermera
            soy_médico soy_matrona como_psicóloga como_psicólogo como_fisio como_matrona como_enfermera matrona
            fisio_desde osteópata_aquí fisio_aquí enfermera_aquí en_mi_consulta en_planta siempre_pregunto
            técnico_de_ambulancia""",
        "fr": """mes_patients mes_patientes mes_clients mes_clientes mes_élèves je_suis_kiné je_suis_infirmière
            je_suis_médecin je_suis_ostéopathe comme_psychologue comme_kiné comme_infirmière ostéopathe_ici kiné_ici
            kiné_depuis sage_femme infirmière ambulancier dans_mon_cabinet dans_le_service j_enseigne
            je_demande_toujours pose_toujours""",
    },
    "ROLE": {  # of somebody who speaks as one: "physio here", "as a nurse"
        "en": """physio physiotherapist osteo osteopath chiro chiropractor nurse midwife doctor gp paramedic
            pharmacist psychologist counsellor counselor psychiatrist podiatrist masseur masseuse bodyworker therapist
            dentist surgeon trainer coach teacher instructor lecturer kinesiologist physiologist rheumatologist
            neurologist first_aider practitioner acupuncturist""",
        "de": """physio physiotherapeut physiotherapeutin osteopath osteopathin krankenschwester pfleger pflegerin
            hebamme arzt ärztin hausarzt hausärztin notfallsanitäter notfallsanitäterin rettungssanitäter apotheker
            apothekerin psychologe psychologin heilpraktiker heilpraktikerin masseur masseurin trainer trainerin
            lymphtherapeutin lymphtherapeut therapeut therapeutin chiropraktiker yogalehrerin""",
        "es": """fisio fisioterapeuta osteópata quiropráctico quiropráctica enfermera enfermero matrona médico médica
            doctora paramédico paramédica farmacéutico farmacéutica psicóloga psicólogo masajista entrenador
            entrenadora podóloga podólogo terapeuta profesora profesor""",
        "fr": """kiné kinésithérapeute ostéo ostéopathe chiropraticien chiropraticienne infirmière infirmier
            sage_femme médecin généraliste ambulancier ambulancière pharmacien pharmacienne psychologue masseur
            masseuse podologue thérapeute professeur préparateur""",
    },
    "PLACE": {  # of their work
        "en": "clinic ward practice surgery hospice treatment_room classes class service pain_clinic stroke_unit unit",
        "de": "praxis klinik station reha schmerzgruppe kurs ambulanz physioschule",
        "es": "consulta clínica planta unidad hospital clase",
        "fr": "cabinet clinique service centre cours libéral formation",
    },
    "TREATED": {  # people whom they treat
        "en": "patient patients client clients customers students trainees players runners mums masseurs",
        "de": "patient patientin patienten patientinnen klient klienten kundinnen kunden schüler leute",
        "es": "paciente pacientes cliente clientes alumnos alumnas",
        "fr": "patient patients patientes client clients élèves",
    },
    "BLOODPRESSURE": {
        "en": """blood_pressure blood_pressures blood_test blood_tests blood_thinner blood_thinners blood_sugar
            blood_orange""",
    },
    "BUMCHEEK": {"en": "bum_cheek butt_cheek bum_cheeks butt_cheeks arse_cheek buttock_cheek"},
    "EVERYNEW": {
        "en": "every_new each_new any_new all_new",
        "de": "jeden_neuen jeder_neue jede_neue jedem_neuen",
        "es": "cada_nuevo cada_nueva todo_nuevo",
        "fr": "chaque_nouveau chaque_nouvelle tout_nouveau",
    },
    "HIVES": {
        "en": "hives welts blotches blotchy red_spots_all itchy_all red_patches",
        "de": "quaddeln nesselsucht rote_flecken ausschlag",
        "es": "ronchas habones urticaria manchas_rojas",
        "fr": "plaques urticaire boutons_partout",
    },
    "LIPS": {
        "en": "lips lip tongue eyelids eyes_are_swollen face throat",
        "de": "lippen lippe zunge augen gesicht hals",
        "es": "labios labio lengua ojos cara garganta párpados",
        "fr": "lèvres lèvre langue yeux visage gorge paupières",
    },
    "PUFFED": {
        "en": """swelling swells swollen puffing puffed_up puffy ballooning balloon sausages huge swollen_shut
            blown_up""",
        "de": "schwellen schwillt schwellung geschwollen zugeschwollen anschwellen dick ",
        "es": "hinchando hinchan hincha hinchados hinchada hinchazón enorme inflamando",
        "fr": "gonflent gonfle gonflées gonflé gonflés enflé enflées énorme ",
    },
    "THROATTIGHT": {
        "en": """throat_closing throat_is_closing throat_tight throat_feels_tight tight_throat throat_tightening
            throat_feels_tite throat_swelling cant_swallow""",
        "de": "hals_wird_eng hals_ist_eng hals_schnürt kann_kaum_schlucken kaum_schlucken kehle_wird_eng",
        "es": "cierra_la_garganta cierra_garganta garganta_cerrada cuesta_tragar no_puedo_tragar garganta_apretada",
        "fr": "gorge_qui_se_serre gorge_se_serre gorge_serrée du_mal_à_avaler arrive_plus_à_avaler gorge_se_ferme",
    },
    "ALLERGEN": {
        "en": """sting stung wasp bee peanut peanuts nuts nut shrimp prawns antibiotic ibuprofen diclofenac balm
            tape cream latex arnica ointment needling acupuncture aspirin""",
        "de": "wespe biene nüsse erdnuss salbe creme tape kinesiotape ibuprofen antibiotikum gestochen",
        "es": "avispa abeja nueces cacahuetes pomada crema tape ibuprofeno antibiótico picó picado gambas",
        "fr": "guêpe abeille noix cacahuète pommade crème tape ibuprofène antibiotique piqué piquée crevettes",
    },
    "RIPPED": {
        "en": "ripped ripping tore tearing torn rip zip_being_undone",
        "de": "gerissen zerreißt zerrissen riss reißender reißt",
        "es": "desgarrara desgarró desgarro desgarrado rasgaran rasgó rompió_algo",
        "fr": "déchirure déchirement déchiré déchire craqué_d_un_coup",
    },
    "TRUNK": {
        "en": "chest back belly stomach breastbone shoulder_blades rib_cage inside",
        "de": "brust brustkorb rücken bauch schulterblättern schulterblätter",
        "es": "pecho espalda vientre omóplatos barriga",
        "fr": "poitrine dos ventre omoplates thorax",
    },
    "ANEURYSM": {
        "en": "aneurysm aneurism marfan big_aorta",
        "de": "aneurysma bauchaortenaneurysma",
        "es": "aneurisma",
        "fr": "anévrisme",
    },
    "DARKURINE": {
        "en": """pee_is_brown wee_is_brown pee_is_dark wee_is_the_colour colour_of_cola colour_of_coke color_of_cola
            peeing_something looks_like_cola dark_like_tea cola_coloured cola_colored
            brown_pee brown_urine water_is_nearly_black like_coke""",
        "de": "braun_wie_cola pipi_braun urin_braun urin_ist_braun farbe_von_cola wie_cola dunkler_urin",
        "es": "orina_color_cocacola orina_oscura color_cocacola color_coca orina_marrón como_coca",
        "fr": "urine_marron urine_couleur_coca urines_foncées marron_coca couleur_coca comme_du_coca",
    },
    "PLASTER": {
        "en": "plaster cast splint tourniquet bandage",
        "de": "gips eingegipst gipsverband schiene",
        "es": "yeso escayola escayolado férula",
        "fr": "plâtre plâtré plâtrée attelle",
    },
    "STRANGLED": {
        "en": "numb cant_wiggle cant_move blue white fat_fingers agony pins balloon",
        "de": "taub blau weiß unerträglich kribbeln",
        "es": "dormidos azules blancos insoportable hormigueo",
        "fr": "engourdis endormis bleus blancs insoportable insupportable",
    },
    "MEDICINE": {
        "en": """paracetamol paracetamols acetaminophen tylenol codeine co_codamol cocodamol tramadol morphine oxycodone
            fentanyl amitriptyline pregabalin pregabs gabapentin diazepam valium ibuprofen naproxen aspirin relaxants
            relaxant tablets pills medication""",
        "de": "paracetamol tramadol tilidin morphin diazepam ibuprofen tabletten amitriptylin medikamente pillen",
        "es": "paracetamol paracetamoles tramadol morfina diazepam lyrica ibuprofeno pastillas medicamentos",
        "fr": "doliprane paracétamol tramadol morphine codéine lyrica ibuprofène comprimés médicaments ",
    },
    "SWALLOWED": {
        "en": "took taken swallowed had ate taking mixed doubled_up lost_count",
        "de": "genommen geschluckt nahm erwischt",
        "es": "tomado tomé tome tragado",
        "fr": "pris avalé prise",
    },
    "TOOMANY": {
        "en": """twelve fourteen fifteen sixteen eighteen twenty thirty forty strip packet bottle too_many too_much
            whole_box all_my all_of_my three_times lost_count """,
        "de": "zwanzig zu_viel packung ganze_packung dreißig achtzehn alle_meine viel_zu",
        "es": "veinte treinta demasiado tableta demasiadas dieciocho toda_la_caja",
        "fr": "vingt trente trop plaquette boîte dix_huit",
    },
    "DROWSY": {
        "en": """slurring wont_stay_awake cant_keep_eyes sleepy drowsy floaty floating woozy muzzy breathing_feels
            breathin_weird breath_is_shallow floppy wont_wake twitching yellow""",
        "de": "lallt kaum_wachzukriegen benommen schläfrig atme_so_langsam atme_langsam dreht übel",
        "es": "despertarla despertarlo respiro_lento adormilado náuseas vueltas",
        "fr": "réveiller respire_lentement somnolent nausée tourne",
    },
    "GUTBLEED": {
        "en": """coffee_grounds black_as_tar black_tarry tarry_stool poo_has_been_black stool_is_black black_stools
            poo_is_black""",
        "de": "kaffeesatz stuhl_pechschwarz teerstuhl pechschwarz stuhl_schwarz",
        "es": "posos_de_café negras_como heces_son_negras heces_negras",
        "fr": "marc_de_café noires_comme selles_noires selles_sont_noires",
    },
    "FLASHES": {
        "en": """flashes flashing sparkly sparkles spots_in_my_eyes spots_in_front seeing_spots blurry blurred_vision
            lights""",
        "de": "augenflimmern flimmern blitze sehe_sterne vor_den_augen",
        "es": "lucecitas destellos moscas veo_luces",
        "fr": "étoiles mouches éclairs devant_les_yeux",
    },
    "EXPECTING": {
        "en": "weeks week baby midwife wk wks preggo",
        "de": "woche ssw baby schwanger",
        "es": "semanas embarazada bebé meses",
        "fr": "semaines enceinte bébé mois",
    },
    "NOKICKS": {
        "en": """hasnt_kicked no_kicks not_moving not_moved hasnt_moved stopped_moving stopped_kicking not_kicking
            moving_less no_movements""",
        "de": "spürt_das_baby spüre_das_baby baby_nicht_mehr baby_bewegt_sich_nicht keine_tritte ",
        "es": "no_siente_al_bebé no_siento_al_bebé no_se_mueve sin_patadas",
        "fr": "ne_sent_plus_bouger ne_sens_plus_bouger ne_bouge_plus ",
    },
    "WATERS": {
        "en": "waters_gone waters_broke waters_have waters_are something_gushed gush_of gone_green",
        "de": "fruchtwasser fruchtblase wehen rückenwehen blasensprung",
        "es": "roto_aguas rotura_de_aguas contracciones aguas_verdes",
        "fr": "perdu_les_eaux poche_des_eaux contractions",
    },
    "TIGHTENINGS": {
        "en": "every_five_minutes every_six_minutes evry_5_min every_5_minutes goes_hard comes_in_waves cumin_in_waves",
        "de": "alle_fünf_minuten alle_paar_minuten wird_alle",
        "es": "cada_cinco_minutos pone_dura",
        "fr": "toutes_les_cinq_minutes durcit",
    },
    "LOIN": {
        "en": "loin flank",
        "de": "flanke",
        "es": "costado flanco",
        "fr": "flanc",
    },
    "GROIN": {
        "en": "groin balls",
        "de": "leiste",
        "es": "ingle",
        "fr": "aine",
    },
    "SHIVERS": {
        "en": "fever shivers shaking_with_chills chills rigors shivery shivering temp temperature",
        "de": "fieber schüttelfrost",
        "es": "fiebre escalofríos tiritona",
        "fr": "fièvre frissons",
    },
    "BIGJOINT": {
        "en": "knee ankle elbow wrist hip shoulder joint",
        "de": "knie knöchel ellbogen handgelenk hüfte schulter gelenk",
        "es": "rodilla tobillo codo muñeca cadera hombro articulación",
        "fr": "genou cheville coude poignet hanche épaule articulation",
    },
    "FIERY": {
        "en": "hot boiling burning_hot red bright_red scarlet throbbing swollen",
        "de": "heiß glühend glüht rot knallrot dick",
        "es": "caliente ardiendo hirviendo arde roja rojo hinchada",
        "fr": "chaud brûlant brûlante brûle rouge enflé gonflé",
    },
    "SCALP": {
        "en": "temple temples scalp brush_my_hair combing comb",
        "de": "schläfe kopfhaut kämmen",
        "es": "sien peine peinarme cuero_cabelludo",
        "fr": "tempe crâne peigne",
    },
    "CHEWPAIN": {
        "en": "jaw_tires jaw_aches jaw_gives jaw_hurts jaw_gets_tired chewing chew jaw_claudication",
        "de": "kauen kiefer_ermüdet",
        "es": "masticar mandíbula_se_cansa",
        "fr": "mâchant mâcher mâchoire_fatigue",
    },
    "EYEGONE": {
        "en": """eye_went eye_dim one_eye_went shadow_in veil_over blurred_vision sight_going grey_veil
            black_in_one see_double""",
        "de": "auge_kurz_blind auge_war auge_nur_noch auge_seit nebel blind",
        "es": "ver_por_un_ojo nube_en borroso_de ojo_negro dejé_de_ver",
        "fr": "œil_s_est oeil_noir trouble_d_un_œil voilé perdu_la_vue",
    },
    "ICY": {
        "de": "kalt eiskalt",
        "es": "frío fría helado helada congelado",
        "fr": "froid froide glacé glacée",
        "en": "cold icy stone_cold ice",
    },
    "WHITEBLUE": {
        "de": "weiß bleich blass blau fleckig marmor",
        "es": "blanco blanca azul pálida pálido manchas",
        "fr": "blanc blanche bleu bleue pâle marbrée",
        "en": "white pale blue grey gray mottled marble blotchy candle_wax",
    },
    "LIMBS": {
        "de": "arm bein fuß hand",
        "es": "brazo pierna pie mano",
        "fr": "bras jambe pied main",
        "en": "arm leg foot hand toes fingers",
    },
    "PASSING": {
        "en": "goes_away_when gone_once gone_when_i wears_off gone_after_a",
        "de": "geht_dann_gleich geht_gleich_wieder geht_wieder_weg dann_ist_es_weg",
        "es": "luego_se_pasa y_se_pasa se_quita_al",
        "fr": "puis_ça_passe ça_passe_en puis_c_est_fini",
    },
    "HISTORY": {
        "de": "mit_zwanzig mit_neunzehn mit_achtzehn mit_dreißig als_teenager",
        "es": "a_los_veinte a_los_dieciocho de_joven",
        "fr": "à_vingt_ans à_dix_huit_ans à_trente_ans quand_j_étais_jeune",
        "en": "when_i_was_nineteen when_i_was_twenty in_my_twenties as_a_teenager",
    },
    "SIGNS": {
        "en": """always_an_emergency commenter_above belong_on_a_page under_get_help first_sentence
            id_like_to_understand
            proofreading keep_that_warning urgent_list emergency_list under_urgent on_your_list on_the_list please_say
            please_write im_curious just_curious out_of_curiosity instead_of_the_word your_red_box how_would_one
            how_would_you_tell in_lay_terms""",
        "de": """auf_der_liste unter_notfall notfallliste im_roten eurem_roten euren_roten der_satz das_wort im_text
            neugierig aus_interesse gilt_das gelten_als ab_wann_gilt zählt_das in_eurem_kasten eurem_kasten""",
        "es": """en_la_lista está_en_la recuadro la_frase la_palabra por_saber por_curiosidad es_por_saber
            cuenta_como la_página_dice donde_dice""",
        "fr": """dans_les_urgences encadré cadre_rouge la_phrase le_mot simple_curiosité par_curiosité ça_compte
            compte_comme liste_d_urgences vous_écrivez vous_dites""",
    },
    "SUICIDEJOKE": {
        "en": """overdosed_on jump_off_the_table jump_off_the_couch feel_sarcastic slow_suicide career_suicide
            political_suicide commercial_suicide social_suicide suicide_by suicide_race suicide_mission battery_life
            overdose_of_cute suicide_note_to""",
        "fr": "mourir_de_honte mourir_d_envie mourir_de_rire meurs_d_envie",
        "es": "muero_de_vergüenza muero_de_ganas muero_por morir_de_risa",
        "de": "vor_scham_gestorben sterbe_vor_neugier",
    },
    "FAREWELL": {
        "en": """written_the_letters wrote_the_letters said_my_goodbyes texted_me_goodbye posted_a_goodbye
            texted_goodbye note_saying_goodbye giving_my_things_away giving_away_my_things given_my_things
            found_a_home_for_the made_up_my_mind_to_go kids_would_be_better rope_ready got_the_rope bought_the_rope
            pills_on_my_bed pills_are_on_my platform_edge driving_past_the_bridge done_with_all_of_it
            cutting_again been_cutting keep_cutting cut_myself burn_my_arm harming_myself i_have_the_pills
            how_many_amitriptyline looked_up_how stockpiling
            wish_i_just_didnt_wake wish_i_didnt_wake i_want_it_over""",
        "de": """briefe_geschrieben sachen_verschenkt hat_sich_per_sms_verabschiedet verabschiedet_und_geht
            auf_der_brücke besser_ohne_mich ritz_mich ritze_mich will_nich_mehr wenn_sie_nicht_mehr_da
            wie_viele_von_den der_strick keinen_grund_mehr besser_wenn_ich_weg""",
        "es": """escribí_todas_las_cartas regalado_mis_cosas se_ha_despedido mejor_sin_mí estarían_mejor_sin
            cuento_las_pastillas me_corto_otra no_quiero_estar_aquí la_soga cuando_ella_no_esté
            en_el_puente no_veo_para_qué""",
        "fr": """écrit_toutes_les_lettres donné_mes_affaires message_d_adieu mieux_sans_moi me_scarifie
            veux_plus_être_là sur_le_pont la_corde quand_elle_ne_sera_plus c_est_décidé
            vois_plus_pourquoi jveux_plus_etre""",
    },
}

WORDS: dict[str, dict[str, str]] = {
    language: {idea: lists[language] for idea, lists in _IDEAS.items() if language in lists}
    for language in ("en", "de", "es", "fr")
}
