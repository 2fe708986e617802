"""Spanish words behind each idea of the emergency rules; a first set. See `en`."""

WORDS: dict[str, str] = {
    "NEG": "no sin ni nunca ningún ninguna ninguno tampoco niega descartado descartaron descartó jamás",
    "NOT_NEG": """no_sé no_se_si no_solo no_puedo no_siento no_mejora no_se_va no_se_me no_quiero no_aguanto
        no_es_normal no_noto no_puede no_para no_podía no_siente no_tengo_fuerza no_tengo_fuerzas no_controlo
        no_le_veo no_veo no_tiene_sentido no_consigo no_logro no_sentía no_duermo no_vale_la_pena""",
    "ENDS_NEG": "pero aunque sino desde cuando porque ahora solo sólo solamente mientras",
    "GONE": "descartado descartada ha_desaparecido desapareció es_normal negativo se_fue",
    "NOW": """ahora hoy ayer anoche desde_ayer desde_hoy esta_mañana esta_tarde esta_noche desde_hace_unos
        desde_hace_dos desde_hace_tres desde_hace_una desde_el desde_la desde_anoche hace_dos_días hace_tres_días
        hace_unos_días hace_unas_horas hace_una_hora hace_un_rato últimamente en_este_momento esta_semana
        la_semana_pasada este_fin_de_semana desde_esta""",
    "ONSET": "empeora nuevo nueva cada_vez va_a_más peor",
    "HISTORY": """hace_años años_atrás hace_diez_años hace_10_años hace_muchos hace_cinco_años hace_meses
        en_el_pasado antes_tenía tuve de_niño de_joven el_año_pasado una_vez""",
    "OUTCOME": "operaron me_recuperé diagnosticaron me_operaron",
    "CHRONIC": "desde_hace_años crónico crónica toda_la_vida desde_siempre",
    "IF": "si acaso",
    "GENERIC": "alguien pacientes clientes personas gente uno_tiene",
    "SIGNS": """señales_de señal_de síntomas_de signos_de advertencia advertencias banderas_rojas el_artículo
        dice_que significa motivo_para razón_para""",
    "LAUGH": "risa reír reírme jaja jajaja",
    "WORRY": "es_normal es_malo debo_preocuparme es_peligroso puedo",
    "MY": "mi mis su sus el la las los",
    "ME": "yo tengo siento me estoy puedo",
    "HAVE": "tengo siento tiene siente duele estoy puedo",
    "VERBAL": "tengo siento estoy es está me mi puedo duele hay noto las los ambas tiene",
    "PAST": "tuve tenía era fue estaba podía sentía perdí",
    "PRESENT": "tengo es está siento puedo duele tiene estoy",
    "CANT": "no_puedo no_puede no_consigo no_logro incapaz no_podía apenas_puedo casi_no_puedo me_cuesta sin_poder",
    "NOFEEL": """no_siento no_siente no_noto sin_sensibilidad perdí_la_sensibilidad no_sentía
        nada_de_sensibilidad sin_sentir perdido_la_sensibilidad perdida_de_sensibilidad pérdida_de_sensibilidad""",
    "FEEL": "sentir siento notar",
    "NUMB": """dormida dormidas dormido dormidos entumecida entumecidas entumecido entumecidos entumecimiento
        adormecida adormecidas adormecido adormecimiento insensible acorchado acorchada acorchadas se_me_duermen
        se_me_duerme""",
    "TINGLE": "hormigueo hormigueos cosquilleo",
    "SADDLE": """genitales entre_las_piernas ingle perineo partes_íntimas zona_íntima vagina pene testículos ano
        nalgas entrepierna silla_de_montar""",
    "WIPE": "limpiarme papel_higiénico limpio",
    "PEE": "orinar pis orina pipí mear vejiga hacer_pis",
    "POO": "caca heces esfínter esfínteres intestino defecar",
    "RETENTION": "retención_de_orina",
    "SOILED": """me_orino_encima me_hago_pis_encima me_hago_encima me_he_orinado me_he_hecho_pis me_he_hecho_caca
        incontinencia incontinente se_me_escapa_el_pis se_me_escapa_la_orina se_me_escapa_la_caca me_cago_encima
        me_oriné_encima me_meo_encima me_oriné me_meé oriné_en mojé_la_cama no_controlo_la_orina no_controlo_el_pis
        no_controlo_los_esfínteres no_aguanto_la_orina""",
    "CONTROL": "control controlar controlo aguantar",
    "LOSS": "pérdida perdido perdí sin",
    "LEGS": "piernas las_piernas ambas_piernas pies ambos_pies",
    "BOTH": "ambas ambos dos_piernas las_dos",
    "LEG": "pierna pie pantorrilla muslo rodilla tobillo",
    "FOOT": "pie dedos_del_pie tobillo",
    "ARM": "brazo brazos brazo_izquierdo mano dedos",
    "ONESIDE": "lado_izquierdo lado_derecho un_lado medio_cuerpo izquierdo derecho",
    "WEAK": """débil débiles debilidad pesada pesadas sin_fuerza sin_fuerzas no_tengo_fuerza paralizada
        paralizado parálisis me_fallan se_me_doblan me_falla flojas torpe no_puedo_mover no_puedo_levantar
        perdí_la_fuerza perdido_la_fuerza perdió_la_fuerza no_responden no_me_responden no_me_sostienen""",
    "MOVE": "mover caminar andar levantar levantarme apoyar moverme",
    "PROGRESS": "cada_vez_más cada_vez_peor peor_cada empeorando empeora va_a_peor",
    "EXERCISE": "sentadillas entrenamiento gimnasio correr maratón entrenar flexiones agujetas",
    "POSTURE": "sentado sentada sentarme bici bicicleta cruzo cruzadas me_siento",
    "BIKE": "bici bicicleta ciclismo",
    "CHEST": "pecho tórax corazón esternón",
    "CHESTMUSCLE": "pectoral pectorales músculo_del_pecho de_corazón de_todo_corazón corazón_gracias",
    "TIGHT": "presión opresión aprieta apretado opresivo peso ahogo oprime",
    "HURT": "dolor dolores duele duelen dolía punzada punzadas pinchazo pinchazos ardor doloroso",
    "CHESTPAIN": "angina_de_pecho dolor_torácico",
    "HEARTATTACK": "infarto ataque_al_corazón",
    "JAW": "mandíbula cuello",
    "SPREAD": "baja_al_brazo se_irradia irradia hasta_el_brazo baja_por sube_a hacia_el_brazo se_extiende corre_por",
    "SWEAT": "sudando sudor sudo sudores sudor_frío",
    "BREATHLESS": """falta_de_aire me_falta_el_aire falta_el_aire no_puedo_respirar ahogo sin_aliento
        cuesta_respirar dificultad_para_respirar falta_de_aliento""",
    "SICK": "náuseas vómitos mareo mareada mareado desmayo desmayé vomitando ganas_de_vomitar",
    "EFFORT": "subir_escaleras al_subir esfuerzo",
    "COUGHBLOOD": "tos_con_sangre toso_sangre escupo_sangre tosiendo_sangre escupí_sangre tosí_sangre",
    "FACE": "cara boca rostro",
    "DROOP": "caída caído torcida torcido caida se_me_cae desviada boca_torcida",
    "SLURRED": """no_puedo_hablar arrastra_las_palabras arrastro_las_palabras no_me_salen_las_palabras habla_raro
        hablo_raro no_puede_hablar""",
    "HEADACHE": "dolor_de_cabeza cabeza migraña cefalea",
    "WORST": "peor_dolor el_peor de_mi_vida más_fuerte",
    "ever": "de_mi_vida",
    "SUDDEN": "de_repente repentino repentina de_golpe súbito súbita repentinamente",
    "VISION": "vista visión ojo ojos",
    "DOUBLE": "veo_doble visión_doble",
    "SIGHTLOST": "negro borroso borrosa perdí perdido perdida",
    "STIFFNECK": "rigidez_de_nuca cuello_rígido rigidez_en_el_cuello",
    "NECK": "cuello nuca cervical",
    "FEVER": "fiebre escalofríos febril",
    "TEMPERATURE": "temperatura fiebre grados",
    "SPINE": "espalda columna lumbar lumbares vértebra riñones",
    "FALL": "me_caí caída caí se_cayó me_he_caído al_caer",
    "CRASH": "accidente choque atropello atropellaron accidente_de_coche",
    "BLOW": "golpe me_golpeé",
    "SEVERE": "fuerte fuertes intenso muy_fuerte terrible insoportable horrible muchísimo",
    "CALF": "pantorrilla pierna gemelo gemelos",
    "SWOLLEN": "hinchada hinchado hinchazón inflamada inflamado",
    "HOT": "caliente calor ardiendo",
    "COLOUR": "roja rojo morada morado azulada enrojecida",
    "FLIGHT": "vuelo avión autobús escayola viaje",
    "SURGERY": "operación cirugía cesárea",
    "DVT": "trombosis coágulo trombo embolia",
    "BLOOD": "sangre sangrado sangrando sangro hemorragia",
    "SUICIDE": """suicidarme suicidio suicidarse matarme quitarme_la_vida no_quiero_vivir
        no_quiero_seguir_viviendo quiero_morir quiero_morirme me_quiero_morir ganas_de_morir morirme_ya
        no_quiero_seguir_así acabar_con_todo acabar_con_mi_vida no_despertar no_despertarme no_quiero_despertar
        terminar_con_todo hacerme_daño quiero_desaparecer desaparecer_para_siempre no_quiero_estar_aquí
        ya_no_quiero_vivir no_vale_la_pena_vivir quitarme_de_en_medio tirarme dejar_de_vivir sería_mejor_si_no
        seguir_viviendo_así no_quiero_seguir no_merece_la_pena_vivir""",
    "BETTEROFF": "mejor_sin_mí mejor_sin_mi soy_una_carga nadie_me_echaría",
    "NOPOINT": "sentido_a_la no_tiene_sentido le_veo_sentido",
    "LIFE": "vida vivir seguir_viviendo seguir",
    "HOARD": "contado guardando acumulando conté guardado",
    "PILLS": "pastillas tabletas somníferos",
    "PREGNANT": "embarazada embarazo",
    "PREGBAD": "sangrado sangrando sangre sangro contracciones",
    "BELLY": "barriga vientre abdomen estómago",
    "PULSING": "late latido palpita",
    "TESTICLE": "testículo testículos",
    "COUGH": "toser tosiendo toso tos",
    "LIMB": "brazo pierna mano pie",
    "BADCOLOUR": "fría frío blanca azul pálida",
}
