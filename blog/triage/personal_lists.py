"""Words around personal data. Data only; `_` stands for a space or hyphen."""

# ruff: noqa: SIM905 - a list reads best as words

MAIL_HOSTS = """gmail googlemail hotmail yahoo icloud gmx web aol proton protonmail posteo btinternet
    wanadoo laposte outlook live msn mail t-online me ymail zoho fastmail
    orange free"""

PHONE_CUES = """phone telephone tel mobile cell call_me call ring_me ring text_me whatsapp whats_app telegram signal
    my_number number_is reach_me contact_me handy telefon nummer anrufen ruf rufen_sie teléfono telefono móvil movil
    llama llámame llamar número téléphone telephone portable appelez appelle numéro fax sms dial message_me"""

NOT_PHONE_CUES = """order invoice ticket tracking bestellung bestellnummer bestell-nr rechnung sendung pedido
    factura commande facture article_no item sku ref reference referenz isbn doi pmid edition serial
    parcel £ $ € version chapter page pages seite"""

BIRTH_CUES = """born birthday birth_date birthdate date_of_birth dob d.o.b d.o.b. geboren geb. geb geburtsdatum
    geburtstag nacido nacida nací naci fecha_de_nacimiento nacimiento né née naissance date_de_naissance"""

MONTHS = """january february march april may june july august september october november december jan feb mar apr jun
    jul aug sep sept oct nov dec januar februar märz mai juni juli oktober dezember jänner enero febrero marzo abril
    mayo junio julio agosto septiembre octubre noviembre diciembre janvier février mars avril juin juillet août
    septembre octobre novembre décembre"""

US_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|"
    "PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC"
)

NAME_CUES = """my_name_is my_full_name_is name_is i_am i'm im called named ask_for my_daughter my_son my_wife
    my_husband my_mother my_father my_mum my_mom my_dad my_sister my_brother my_friend my_colleague
    my_coworker my_co-worker my_boss my_neighbour my_neighbor my_client my_patient my_partner
    my_aunt my_uncle my_gp my_gp_is my_doctor my_doctor_is my_physio my_therapist my_girlfriend
    my_boyfriend my_niece my_nephew my_cousin my_teacher our_teacher patient_name client a_patient
    patient our_neighbour your_receptionist my_receptionist our_receptionist the_receptionist
    your_nurse my_nurse your_colleague our_nurse our_trainer my_trainer my_manager my_student
    my_landlord my_ex my_ex-wife my_ex-husband my_grandson my_granddaughter my_gran my_grandma
    my_grandpa your_therapist your_physio my_midwife my_employee ich_heiße und_heiße heiße
    mein_name_ist meine_tochter mein_sohn meine_frau mein_mann meine_kollegin mein_kollege
    meine_nachbarin mein_nachbar meine_freundin mein_freund me_llamo mi_nombre_es soy mi_hija
    mi_hijo mi_mujer mi_marido mi_amiga mi_amigo mi_vecina mi_vecino je_m'appelle je_m’appelle
    je_suis mon_nom_est ma_fille mon_fils ma_femme mon_mari mon_collègue ma_collègue mon_ami
    mon_amie ma_voisine mon_voisin mi_compañero mi_compañera frau herr mme madame doña don mr mrs"""

NOT_NAMES = frozenset(
    """gluteus maximus medius minimus levator scapulae scapula quadratus lumborum biceps triceps soleus psoas piriformis
    trapezius rhomboid teres serratus masseter temporalis pectoralis infraspinatus subscapularis tibialis street road
    lane avenue clinic hospital university monday tuesday wednesday thursday friday saturday sunday january february
    march april june july august september october november december london new york north south east west thank
    thanks hello dear great best kind regards trigger point points i the this that my is it and but very so not
    also here sincerely deutsche deutscher yoga pilates english german french spanish british american christmas
    easter crossfit iphone android google youtube facebook instagram head chest neck low upper lower sorry
    mein meine unser unsere vater mutter mann frau bruder schwester mon ma père mère mari mi madre padre marido
    certified qualified registered retired a an from in happy sure glad unsure""".split()
)

HEALTH_WORDS = """diagnos cancer tumour tumor diabet epilep depress bipolar schizo anxiety arthritis rheuma
    scoliosis fibromyalgia pregnan surgery operation operated medication prescribed tablets
    prescription disorder syndrome multiple_sclerosis parkinson alzheimer dementia hepatitis hiv
    asthma heart_attack stroke hernia slipped_disc migraine chemo addict alcoholic overdose autis
    adhd sclerosis leukaemia leukemia lupus crohn colitis kidney insulin antidepress gabapentin
    tramadol methadone abortion miscarriage infertil menopaus therapy_for treated_for illness
    disease disabled disability sick_leave sciatica back_pain chronic_pain bandscheibe krebs krank
    erkrankt schwanger depressionen operiert rheuma multiple_sklerose herzinfarkt schlaganfall
    cáncer diabetes embarazada depresión enferm operad epilepsia esclerosis malad cancer enceinte
    dépress opéré sclérose diabète épilep brustkrebs prostatakrebs lungenkrebs seropositiv
    séropositi lithium breakdown rehab psychose psychosis cirrhosis"""
