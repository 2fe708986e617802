"""German words behind each idea of the emergency rules; a first set. See `en`."""

WORDS: dict[str, str] = {
    "NEG": "kein keine keinen keinem keiner keinerlei nicht nie ohne weder noch niemals ausgeschlossen nix verneint",
    "NOT_NEG": """weiß_nicht nicht_sicher nicht_nur nicht_mehr nicht_besser keine_ahnung nicht_weg nicht_normal
        keine_besserung nicht_auf hört_nicht nicht_richtig nicht_gut kein_wasser kein_gefühl keine_kraft keine_luft
        nicht_halten nicht_bewegen nicht_spüren nicht_heben nicht_laufen nicht_stehen nicht_gehen nicht_pinkeln
        nicht_sprechen keinen_sinn nicht_urinieren nicht_kontrollieren nicht_atmen nicht_leben nicht_verstehe""",
    "ENDS_NEG": "aber jedoch doch obwohl weil da seit jetzt nun dann nur sondern als wenn während trotzdem",
    "GONE": "ausgeschlossen abgeklärt ist_weg sind_weg war_unauffällig ist_normal sind_normal verschwunden negativ",
    "NOW": """jetzt heute gestern vorgestern seit_gestern seit_heute heute_morgen heute_früh gestern_abend
        heute_nacht letzte_nacht seit_montag seit_dienstag seit_mittwoch seit_donnerstag seit_freitag seit_samstag
        seit_sonntag seit_dem seit_der seit_ein seit_zwei seit_drei seit_tagen seit_stunden seit_einer seit_einem
        gerade momentan aktuell vor_einer_stunde vor_zwei vor_drei_tagen diese_woche letzte_woche seit_letzter
        seit_kurzem am_wochenende seit_meinem seit_meiner seit_paar""",
    "ONSET": "neu neue neuerdings schlimmer stärker zunehmend immer_mehr nicht_mehr",
    "HISTORY": """vor_jahren jahre_her vor_zehn_jahren vor_10_jahren jahren früher damals letztes_jahr
        einmal_hatte als_kind als_jugendlicher vor_langer monaten lange_her hatte_ich_mal hatte_mal
        in_der_vergangenheit""",
    "OUTCOME": "operiert not_op notoperation notop erholt diagnostiziert gerettet stellte_sich_heraus",
    "CHRONIC": "seit_jahren seit_vielen chronisch schon_immer seit_jahrzehnten",
    "IF": "wenn falls ob angenommen sofern",
    "GENERIC": "jemand man patienten klienten kunden leute menschen patientinnen kundinnen einer_patientin",
    "SIGNS": """warnzeichen warnsignale warnhinweis warnhinweise anzeichen symptome_für zeichen_für artikel_steht
        bedeutet ein_grund grund_zum erwähnen im_kasten red_flags die_warnung hinweis_auf woran_erkenne
        woran_erkennt unterschied""",
    "LAUGH": "lachen gelacht lache haha witz",
    "WORRY": "ist_das_normal ist_es_normal darf_ich soll_ich gefährlich schlimm",
    "DURING": "während beim",
    "MY": "mein meine meinem meinen meiner meines sein seine ihr ihre seinem ihrem ihren",
    "ME": "ich er sie wir mann frau mutter vater mama papa",
    "HAVE": "habe hab hat bin ist spüre fühle kann bekomme kriege verliere spür fühl",
    "VERBAL": "ich habe hab bin ist sind hat spüre kann fühlt fühle mein meine beide es er sie tut geht war",
    "PAST": "hatte war konnte wurde hatten waren spürte bekam verlor ging musste konnten",
    "PRESENT": "habe hab ist bin kann spüre hat sind tut fühlt",
    "CANT": """kann_nicht kann_kaum kann_nichts kann_kein kann_keinen nicht_mehr konnte_nicht kriege_nicht kaum
        nichts nicht_möglich unfähig""",
    "NOFEEL": """spüre_nichts spüre_nicht nichts_mehr_spüre spür_nichts kein_gefühl gefühllos ohne_gefühl
        gefühlsverlust spüre_nix nicht_mehr_spüren gefühl_verloren nichts_mehr merke_nichts merke_nicht spür_nix
        gefühl_weg keine_empfindung""",
    "FEEL": "spüre fühle spüren fühlen gefühl merke spür",
    "NUMB": """taub taubes taube tauben taubheit taubheitsgefühl taubheitsgefühle pelzig wie_watte abgestorben
        eingeschlafen""",
    "TINGLE": "kribbeln kribbelt ameisenlaufen kribbelig",
    "SADDLE": """zwischen_den_beinen zwischen_meinen_beinen genitalbereich genitalien schritt intimbereich damm
        scheide penis hoden after schambereich unterleib innenschenkel innenseiten_der_oberschenkel reithose
        reithosenbereich po untenrum oberschenkelinnenseiten gesäß hintern""",
    "WIPE": "abwischen wischen klopapier toilettenpapier abputzen",
    "PEE": "urin pinkeln pipi urinieren blase harn pissen wasserlassen pieseln",
    "RETENTION": """kein_wasser_lassen wasser_nicht_lassen kann_nicht_pinkeln kann_nicht_mehr_pinkeln harnverhalt
        nicht_mehr_pinkeln nicht_urinieren nicht_mehr_urinieren nicht_wasser_lassen nicht_mehr_wasser_lassen
        probleme_beim_wasserlassen kein_urin schwer_wasser_lassen nicht_pinkeln
        blase_spinnt""",
    "POO": "stuhl stuhlgang darm kot",
    "SOILED": """eingenässt eingekotet in_die_hose in_die_hosen eingemacht inkontinent inkontinenz
        stuhlinkontinenz harninkontinenz blase_nicht_mehr_kontrollieren blase_nicht_halten urin_nicht_halten
        stuhl_nicht_halten urin_nicht_mehr_halten stuhl_nicht_mehr_halten kontrolle_über_die_blase
        kontrolle_über_blase kontrolle_über_meine_blase kontrolle_über_den_darm kontrolle_über_meinen_darm
        pipi_in_die pinkle_mich_ein eingepinkelt mache_mir_in nässe_ein mache_in_die eingepullert pinkel_mich_ein
        urinverlust unkontrolliert""",
    "CONTROL": "kontrolle kontrollieren halten",
    "LOSS": "verlust verloren verliere",
    "LEGS": "beine beinen beide_beine beiden_beinen füße füßen beide_füße",
    "BOTH": "beide beiden beider beidseitig",
    "LEG": "bein fuß wade oberschenkel knie",
    "FOOT": "fuß zehen großzehe",
    "ARM": "arm arme linker_arm linken_arm hand finger oberarm",
    "ONESIDE": "linke_seite rechte_seite halbseitig eine_seite linken rechten einseitig",
    "WEAK": """schwach schwäche schwer gelähmt lähmung lähmungen kraftlos keine_kraft knicken_weg sacken_weg
        gibt_nach geben_nach wackelig wie_pudding schwächer sacken sackt knickt wegknicken lahm nicht_heben
        nicht_mehr_heben versagen versagt tragen_mich_nicht zusammengesackt knicken sackten""",
    "MOVE": "bewegen heben laufen gehen stehen auftreten aufstehen",
    "PROGRESS": """immer_schlimmer immer_schwächer zunehmend von_tag_zu_tag schlimmer wird_immer breitet täglich
        wird_schwächer""",
    "EXERCISE": """training kniebeugen marathon sport liegestütze workout nach_dem_laufen joggen muskelkater
        krafttraining""",
    "POSTURE": "sitze sitzen im_sitzen überschlagen schneidersitz fahrrad sattel übereinander liege",
    "BIKE": "fahrrad rad sattel radfahren",
    "CHEST": "brust brustkorb brustbein herz herzgegend brustenge",
    "CHESTMUSCLE": "brustmuskel kleiner_brustmuskel brustmuskeln brustdehnung herzlichen herzlich brustmuskulatur",
    "TIGHT": """druck enge eng engegefühl drückt beklemmung zugeschnürt drücken schnürt beklemmend spannung
        gewicht elefant stein enge_in_der schnürt_mir""",
    "HURT": """schmerz schmerzen schmerzt tut_weh weh tun_weh stechen sticht stechend stechende brennt ziehen aua
        stiche stich druckschmerz wehtut""",
    "CHESTPAIN": "brustschmerz brustschmerzen herzschmerzen angina_pectoris brustenge herzstechen",
    "HEARTATTACK": "herzinfarkt herzanfall",
    "JAW": "kiefer unterkiefer hals",
    "SPREAD": "strahlt ausstrahlend ausstrahlung zieht_in in_den_arm in_den_linken zwischen_den_schulterblättern",
    "SWEAT": """schwitze schwitzen schweiß kaltschweißig schweißausbruch schweißausbrüche kalter_schweiß
        schweissgebadet""",
    "BREATHLESS": "atemnot kurzatmig luftnot keine_luft kaum_luft schlecht_luft außer_atem schwer_atmen kaum_atmen",
    "SICK": "übel übelkeit schlecht schwindelig schwindlig erbrechen ohnmacht ohnmächtig bewusstlos",
    "EFFORT": "treppensteigen bei_belastung beim_treppensteigen bergauf",
    "COUGHBLOOD": "blut_gehustet huste_blut bluthusten blut_husten blut_im_auswurf blut_gespuckt",
    "FACE": "gesicht mund mundwinkel gesichtshälfte augenlid",
    "DROOP": """hängt hängend hängen herunter schief hängender herab hänge runter
        hängendes herabhängendes hängende""",
    "SLURRED": """lallt lalle lallen verwaschen verwaschene nicht_mehr_sprechen nicht_sprechen
        wortfindungsstörungen nicht_mehr_richtig_sprechen nicht_richtig_sprechen
        sprachstörung sprachstörungen sprachprobleme""",
    "HEADACHE": "kopfschmerz kopfschmerzen kopfweh migräne",
    "WORST": """schlimmsten schlimmste stärksten stärkste meines_lebens heftigste so_schlimm_wie_nie
        so_schlimm_wie_noch wie_nie nie_gekannte vernichtungskopfschmerz""",
    "ever": "meines_lebens aller_zeiten jemals",
    "SUDDEN": "plötzlich plötzliche schlagartig aus_dem_nichts auf_einmal von_jetzt_auf_gleich",
    "VISION": "sehen sicht auge augen sehvermögen",
    "DOUBLE": "doppelt doppelbilder doppelbild sehe_doppelt",
    "SIGHTLOST": "schwarz grau verschwommen weg verloren blind",
    "UNSTEADY": "gangunsicherheit schwanke torkle drehschwindel",
    "TEMPLE": "schläfe schläfen kopfhaut beim_kauen",
    "STIFFNECK": "nackensteife steifer_nacken steifen_nacken nackensteifigkeit",
    "NECK": "nacken hals",
    "FEVER": "fieber schüttelfrost fiebrig",
    "TEMPERATURE": "temperatur fieber grad",
    "SPINE": "rücken rückenschmerz rückenschmerzen wirbelsäule kreuz kreuzschmerzen wirbel lws nieren",
    "FALL": """gestürzt sturz hingefallen gefallen heruntergefallen runtergefallen treppe_runter von_der_leiter
        ausgerutscht""",
    "CRASH": "unfall autounfall auffahrunfall verkehrsunfall angefahren schleudertrauma",
    "FALLJOKE": "auf_jeden_fall eingeschlafen gefallen_mir hat_mir_gefallen mir_gefallen",
    "SEVERE": """starke starker starken extrem heftig heftige furchtbar unerträglich unerträgliche schlimm
        schreckliche wahnsinnige höllische""",
    "CALF": "wade waden bein unterschenkel",
    "SWOLLEN": "geschwollen geschwollene dick angeschwollen schwellung dicker dickes dicke",
    "HOT": "heiß warm heiße warme überwärmt",
    "COLOUR": "rot gerötet bläulich lila blau violett rote",
    "FLIGHT": "flug langstreckenflug flugzeug busfahrt autofahrt gips",
    "SURGERY": "operation op knie_op kaiserschnitt",
    "DVT": "thrombose blutgerinnsel lungenembolie",
    "BLOOD": "blut blute blutung blutungen blutet",
    "SUICIDE": """umbringen bringe_mich_um suizid selbstmord selbstmordgedanken suizidgedanken suizidal
        das_leben_nehmen leben_zu_nehmen nicht_mehr_leben nicht_mehr_weiterleben sterben_will will_sterben
        möchte_sterben lebensmüde nicht_mehr_da_sein nicht_mehr_aufwachen leben_beenden mir_was_antun
        mir_etwas_antun schluss_machen_mit_allem allem_ein_ende ein_ende_setzen tot_sein tot_wäre ritze_mich
        will_nicht_mehr_hier keinen_sinn_mehr keinen_ausweg nicht_mehr_da_bin nicht_mehr_da_wäre für_alle_besser
        hab_genug_vom_leben vom_leben_genug möchte_nicht_mehr_leben mag_nicht_mehr_leben keine_lust_mehr_zu_leben
        schlafen_und_nie nie_mehr_aufwachen mich_umbringe wenn_ich_tot tot_zu_sein tot_zu sein_zu_müssen besser_tot
        lieber_tot sterben_wollen möchte_einschlafen_und kann_nicht_mehr_leben will_nicht_mehr_leben mir_das_leben
        strick""",
    "BETTEROFF": """ohne_mich_besser besser_ohne_mich nur_eine_last nur_noch_eine_last zur_last
        niemand_vermisst_mich besser_dran_ohne""",
    "HOARD": "gezählt zähle gesammelt sammle gehortet aufgespart",
    "PILLS": "tabletten pillen schlaftabletten",
    "PREGNANT": "schwanger schwangerschaft ssw schwangerschaftswoche",
    "PREGBAD": "blutung blutungen blute wehen bauchschmerzen fruchtblase blut",
    "BELLY": "bauch unterbauch magen",
    "PULSING": "pocht pulsiert klopft pochen pulsieren",
    "TESTICLE": "hoden",
    "COUGH": "huste gehustet husten spucke",
    "LIMB": "arm bein fuß hand",
    "BADCOLOUR": "kalt weiß blau blass eiskalt",
}
