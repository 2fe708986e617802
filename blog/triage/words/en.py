"""English words behind each idea of the emergency rules. `_` joins words, `*` ends an open word.

A word form, a typing error that people make, and a texting form each stand here; single slips in longer words are
forgiven by the reader of this list.
"""

# ruff: noqa: SIM905 - a list reads best as words

WORDS: dict[str, str] = {
    # --- Who, when, whether -------------------------------------------------------------------------
    "NEG": """no not none never without isnt arent wasnt werent dont doesnt didnt havent hasnt hadnt neither nor
        zero denies denied deny denying free_of free_from lack_of absence_of wont rule_out ruled_out rules_out
        excluded cleared_of nope aint minus dosnt dosent doesn don didn nil apart_from""",
    "NOT_NEG": """dont_know dont_no dunno not_sure not_only not_just no_idea no_doubt no_relief no_change
        no_wonder no_matter no_joke no_luck no_sleep not_sleeping not_slept not_better no_better not_getting_better
        not_improving not_normal not_right not_good not_going_away not_gone not_stopping wont_stop wont_go
        wont_go_away wont_stop_bleeding doesnt_stop doesnt_go doesnt_help didnt_help not_helping no_help
        dont_understand dont_get_why cant_say_why no_one nobody not_much_better not_long not_much_sleep
        never_had_this never_had_anything never_had_it never_felt not_like_me not_ok not_okay not_funny not_well
        not_usually no_longer not_anymore dont_want_to_bother dont_worry not_long_ago not_until
        not_related_to_exercise no_warning without_warning without_help not_been_able not_able dont_think_its
        not_eased no_reason""",
    "ENDS_NEG": """but however although though except yet because cos cuz until till when while which who since
        only just then now whereas instead despite still""",
    "GONE": """ruled_out was_excluded been_excluded were_excluded all_clear went_away disappeared resolved
        long_gone is_gone are_gone gone_now cleared_up was_clear were_clear was_normal were_normal is_normal
        are_normal are_fine is_fine was_fine were_fine negative under_control is_ok are_ok is_okay are_okay absent""",
    "NOW": """now today tonight yesterday yday 2day 2nite tonite this_morning this_mornin this_afternoon
        this_evening this_week this_weekend last_night last_nite lastnight since_last since_the since_monday
        since_tuesday since_wednesday since_thursday since_friday since_saturday since_sunday on_monday on_tuesday
        on_wednesday on_thursday on_friday on_saturday on_sunday started_on currently at_the_moment right_now
        hours_ago hour_ago hrs_ago minutes_ago mins_ago half_an_hour_ago days_ago day_ago week_ago weeks_ago
        fortnight_ago past_few last_few past_couple last_couple last_week last_weekend the_weekend the_other_day
        lately recently all_day overnight woke_up_with woke_with just_started just_now just_had in_the_last
        since_tues since_wed since_thurs since_fri since_sat since_sun since_mon since_lunch since_breakfast
        for_two_days for_2_days for_three_days for_3_days for_a_day for_a_week for_days since_my_flight as_i_type
        over_the_weekend earlier_today this_very since_i_woke going_on_right keeps since_he_woke since_she_woke
        since_waking since_this_morning this_am since_noon since_midday since_mid after_dinner minutes_now
        for_two_hours for_hours for_an_hour since_getting_up last_thursday last_friday last_saturday last_sunday
        last_monday last_tuesday last_wednesday twice_this these_days at_present since_easter since_christmas
        for_the_last for_the_past in_the_past_few""",
    "ONSET": """new newly keeps getting_worse gets_worse got_worse worsening every_hour any_more anymore
        started_to began_to has_started have_started has_gone have_gone gone started""",
    "HISTORY": """years_ago year_ago yrs_ago yr_ago months_ago month_ago decades_ago ages_ago decade_ago
        years_back months_back a_while_ago a_while_back way_back long_ago last_year last_summer last_winter
        last_autumn last_spring years_earlier back_in used_to back_then back_in_the_day previously in_the_past
        in_a_previous as_a_child as_a_kid as_a_teenager as_a_teen as_a_student when_i_was when_she_was when_he_was
        in_my_twenties in_my_thirties in_my_forties in_my_20s in_my_30s in_my_40s history_of long_gone survivor
        survived turned_out ended_up_in at_the_time the_year_before in_those_days years_before formerly all_gone
        first_pregnancy last_pregnancy before_my_op before_surgery that_was past_history summers_back winters_back
        summers_ago winters_ago at_nineteen at_eighteen at_twenty at_sixteen thirty_years twenty_years when_we_were
        first_baby in_the_nineties in_the_eighties in_the_80s in_the_90s back_when last_march""",
    "OUTCOME": """operated surgeon surgeons emergency_surgery emergency_operation emergency_op was_diagnosed
        got_diagnosed was_rushed rushed_to ambulance_took in_intensive recovered made_a_full fully_recovered healed
        fine_today im_fine_now fine_now ok_now okay_now all_good_now discharged spent_a_week_in turned_out scared_me
        saved_my_life saved_his_life saved_her_life they_found they_removed""",
    "CHRONIC": """for_years for_many_years for_ages for_decades since_childhood since_birth all_my_life
        most_of_my_life always_had always_been long_standing longstanding long_term chronic""",
    "IF": """if whether suppose supposing imagine in_case what_if should_anyone should_someone should_you unless
        whenever""",
    "INDIRECT": "tell_if tell_whether feel_if feel_whether notice_if notice_whether",
    "GENERIC": """somebody someone anyone anybody people persons clients patients students a_client a_patient
        my_clients my_patients my_client my_patient one_gets one_has you_have you_get you_feel you_cant you_lose
        you_notice you_develop you_experience those_with folks_with folk_with those_who men_over women_over
        pregnant_women readers_with readers_who everyone_with customers cases_of your_legs_go therapists physios
        doctors nurses practitioners trainers nobody_should no_one_should in_our_practice in_my_practice in_clinic
        our_students our_students_to my_students users wheelchair_users users_who patients_who clients_who
        those_of_us athletes elderly_people older_people kids_who""",
    "SIGNS": """warning_sign warning_signs warning_list red_flag red_flags warnings the_warning signs_of sign_of
        symptom_of symptoms_of risk_of risks_of article_says page_says it_says you_say you_write you_mention
        you_list box_says the_box caution_box safety_box list_says text_says says_to the_article this_article
        the_page your_page your_article the_site the_list checklist disclaimer leaflet a_reason_to reason_to_stop
        count_as counts_as how_do_you_tell how_would_i_tell how_do_i_tell how_can_i_tell how_to_tell tell_apart
        difference_between differ_from difference_is definition_of what_does mean_exactly meaning_of do_you_mean
        mention mentions mentioned should_the could_you_add please_add you_should_add you_could_add printed
        ask_about asks_about asking_about asked_about screen_for screening check_for checks_for look_for watch_for
        watch_out_for be_aware_of call_if stop_if see_a_doctor_if ring_if go_to_ae_if get_help_if when_to_worry
        should_be_sent need_to_go must_go are_an_emergency is_an_emergency afraid_of_getting fear_of
        scared_of_getting worried_about_getting avoid_getting prevent prevents preventing to_avoid textbook lecture
        exam quiz documentary novel film movie story_about read_about reading_about heard_about heard_of awareness
        campaign paragraph sentence section wording picture illustration chapter the_word the_words phrase test_for
        tests_for testing_for until_shown until_proven is_a_clot true_that fact_that teach teaches taught what_if
        what_should_i_do_if where_would_you would_you_feel if_it_was can_feel_like feel_like_a_cramp are_common
        is_common in_general theoretically hypothetically line_about a_line_on the_signs a_warning keep_that_box
        the_boxes these_boxes the_paragraph is_there_a_version should_i_worry_about when_should_i_worry when_to_see
        when_is_it_time it_was_the_heart the_saddle_area
        please_stress stress_that same_day_assessment what_are_the_odds
        tell_every every_patient all_my_patients is_999 is_911 is_112
        suggests is_a_possible possible_clot think_of_a can_point_to prompt_assessment needs_prompt need_prompt""",
    "LAUGH": "laugh laughed laughing laughter lol haha hahaha lmao joke joking giggle giggling funny hilarious",
    "WORRY": """should_i is_it_ok is_it_okay is_it_safe is_it_normal is_this_normal is_it_bad is_that_bad
        is_that_normal ok_to safe_to worry worried normal_to""",
    "DURING": "during while whilst",
    "MY": "my his her hers our me_my",
    "ME": "i im ive id we weve he hes she shes he_s they theyve mum mom dad husband wife partner son daughter",
    "HAVE": """have has got gets get getting feel feels feeling am is keep keeps having experiencing cant cannot
        lost losing had been dont""",
    "VERBAL": """i im ive id it its they theyre she shes he hes both there theres is are am was were has have had
        cant cannot feel feels felt keep keeps got get gets my started starts start began goes went do does did been
        wont walk stopped hurts aches""",
    "PAST": """was were had couldnt couldn did felt went got lost woke ended came fell broke became started took
        saved gave turned found thought knew cudnt told said stopped used happened""",
    "PRESENT": """is am are im have ive has cant cannot dont do feel feels keeps hurts its theyre shes hes does
        aches isnt arent gets goes""",
    "HIP": "hip hips pelvis ribs rib shoulder wrist ankle knee collarbone elbow",
    "BIKE": "bike bikes cycling cyclist bicycle peloton spinning saddle_height bike_saddle horse_riding",
    "WEATHER": "winter weather outside snow raynaud raynauds frost ice_pack always ice_bath",
    "MASSAGEBALL": "tennis massage lacrosse foam ball_set spiky golf ball_or the_ball a_ball or_ball squash",
    "END_LIFE": "end_of_my_life_now end_my_suffering_for_good",
    # --- Doing, not being able, feeling -----------------------------------------------------------
    "CANT": """cant cannot can_not cant_really cudnt couldnt couldn cant_even cnt canot can_t cant_seem_to unable
        unable_to not_able not_able_to no_longer not_been_able wont can_hardly can_barely hardly barely could_barely
        could_hardly can_no_longer struggling_to lost_the_ability havent_been_able struggle_to not_possible_to kant
        hasnt_been_able didnt_manage_to cant_manage_to harder_to getting_harder_to cant_get_myself_to havent_been
        not_manage havent_managed_to havent_pee havent_been_able_to not_possible_for_me struggled_to fail_to
        failing_to cant_get unable_at_all couldnt_get""",
    "TROUBLE": """trouble difficulty difficulties struggle struggling problem problems hard_to difficult
        hesitancy have_to_push had_to_push having_to_push got_to_push need_to_push must_push push strain straining
        force forcing takes_ages ages_to take_ages took_ages forever_to issues issue slow_to only_dribbles
        only_a_dribble wont_come wont_start""",
    "FEEL": "feel feeling sense sensation tell notice know feelings feal fell",
    "NOFEEL": """dont_feel do_not_feel doesnt_feel didnt_feel not_feel not_feeling no_feeling no_sensation
        no_sense lost_feeling lost_all_feeling lost_the_feeling lost_sensation lost_all_sensation loss_of_feeling
        loss_of_sensation loss_of_sense losing_feeling losing_sensation no_more_feeling feel_nothing feeling_nothing
        felt_nothing feels_of_nothing cant_feel cannot_feel can_not_feel cnt_feel cudnt_feel couldnt_feel
        cant_really_feel cant_even_feel can_hardly_feel can_barely_feel hardly_feel barely_feel cant_properly_feel
        cant_feel_anything feel_anything without_noticing without_feeling feel_it_when reduced_sensation
        reduced_feeling altered_sensation changed_sensation no_longer_feel gone_all_dead less_feeling
        feels_like_nothing like_nothing no_idea_when no_awareness doesnt_register do_not_register dont_register
        didnt_notice not_notice didnt_realise without_realising without_realizing no_sensations cant_sense
        cant_feel_it cannot_sense lack_of_feeling lack_of_sensation be_air zero_feeling zero_sensation not_aware
        feeling_is_gone feeling_has_gone feeling_gone feel_much_of""",
    "NUMB": """numb numbness numm nummb numbed numbing nunb numness deadened anaesthetised anesthetized
        anaesthetized like_novocaine like_the_dentist cotton_wool like_wood like_wooden wooden like_rubber gone_dead
        goes_dead went_dead all_dead feels_dead feel_dead dead_to_touch going_dead isnt_there isnt_theirs insensible
        desensitised desensitized no_feelin anaesthetic anesthetic epidural like_an_epidural novocaine novocain
        no_feelings rubber_like leathery belongs_to_someone belong_to_someone isnt_mine not_mine not_my_own
        like_cardboard insensitive jelly_like injected_by_a injected_by_the by_a_dentist by_the_dentist
        like_after_the_dentist froze_up_down frozen_by_the gone_to_sleep_and_wont no_feelin_in like_a_stranger
        belong_to_me""",
    "TINGLE": """tingle tingles tingling tingly tingeling tinglings pins_and_needles pins_n_needles pins_needles
        pins_&_needles paraesthesia paresthesia paraesthesias paresthesias prickly prickling fizzing buzzing
        electric_shocks electric_shock electric_zaps electric_currents zaps zapping lhermitte feel_odd feels_odd
        feel_strange feel_weird feels_weird""",
    # --- Bladder, bowel, saddle -------------------------------------------------------------------
    "SADDLE": """genital genitals genitalia privates private_parts private_area private_bits crotch perineum
        perineal saddle saddle_area inner_thigh inner_thighs inside_thighs insides_of_my_thighs between_my_legs
        between_the_legs between_her_legs between_his_legs between_legs betwen_my_legs down_below down_there
        undercarriage vagina vaginal vulva penis willy scrotum balls testicles anus anal back_passage rectum bumhole
        arsehole_area labia lady_bits bits nether_regions nether_region genital_area groin_area around_the_bum
        where_i_sit cheeks_and_privates my_privates fanny bikini_area pubic pubis knickers_area crotch_area
        groin_numb seat_area pelvic_floor_area vagina_area foof lady_garden front_and_back_passage toilet_area
        inner_legs""",
    "BUM": "bum bums butt buttock buttocks bottom backside arse ass rear tailbone seat",
    "WIPE": """wipe wiping wiped loo_paper loo_roll toilet_paper toilet_roll toilet_tissue bog_roll tp
        toilet_wipe bathroom_tissue paper_when_i wet_wipe wipes clean_myself""",
    "SEX": "sex intercourse orgasm erection erections",
    "PEE": """pee peeing peed pees piss pissing wee weeing wees urine urinate urinating urination urinary
        pass_water passing_water make_water bladder go_for_a_wee tinkle blader bladders widdle spend_a_penny
        pe_properly empty_my_bladder start_a_stream my_stream a_stream stream weeing_properly flow_of_urine my_flow
        peeing_is weeing_is go_for_a_pee do_a_wee do_a_pee have_a_wee have_a_pee""",
    "TOILET": "toilet loo bathroom lavatory restroom",
    "POO": """poo poop pooing pooping poos stool stools bowel bowels bowl_control faeces feces faecal fecal
        number_twos back_passage bowl_movement bowel_movement motions defecate defecating""",
    "CONTROL": "control hold holding hold_on hold_it in_time controlling",
    "LOSS": "loss lost losing lose loses no_control gone",
    "SOILED": """wetting_myself wet_myself weeing_myself wee_myself weed_myself peeing_myself pee_myself
        peed_myself pissed_myself pissing_myself wetting_the_bed wet_the_bed wetting_herself wetting_himself
        wet_herself wet_himself peed_herself peed_himself poo_myself pooed_myself pood_myself pood_in pooped_myself
        pooing_myself pooping_myself shit_myself shat_myself crapped_myself soiled_myself soiling_myself
        soiled_himself soiled_herself messed_myself wet_my_pants wetting_my_pants peed_my_pants pooped_my_pants
        peeing_my_pants pee_my_pants wet_my_trousers doubly_incontinent leaking_poo leaking_stool leaking_faeces
        pooed_herself pooed_himself soiling soil_myself soiled_my soiled_the wet_the_sofa wet_the_chair
        filled_my_pants filled_my_nappy skid_marks_without dirtied_myself crapping_myself peed_without pooed_without
        emptied_itself empties_itself emptying_itself wet_patch peed_on_the pee_runs_out pee_just_runs pee_comes_out
        urine_runs urine_comes_out poo_comes_out poo_falls_out wee_comes_out pooping_without messing_myself
        poop_your_pants poo_your_pants pee_your_pants shit_my_pants shit_the_bed poo_my_pants crap_my_pants
        pooped_the_bed poop_in_my peed_in_my pee_in_my peed_in_bed peed_the_bed wear_a_pad wearing_pads pad_in_my
        pads_now wearing_nappies need_nappies wee_dribbling dribbling_wee dribbling_pee dribbling_urine
        dribble_urine leaking_urine_without catheter""",
    "INCONTINENT": "incontinence incontinent incontenent incontinance incontinant",
    "LEAK": "leak leaks leaking leaked leakage dribble dribbles dribbling accident accidents little_accidents",
    "STRESSLEAK": """jump jumping sneeze sneezing cough jog jogging trampoline childbirth child birth baby kids
        menopause""",
    # --- Limbs, weakness -------------------------------------------------------------------------
    "LEGS": """legs both_legs both_my_legs both_of_my_legs both_feet both_my_feet feet both_thighs thighs
        both_calves from_the_waist_down waist_down waist_downwards lower_limbs both_sides_of_my_legs lower_half
        lower_body belly_button_down belly_button_downwards navel_down below_the_waist below_my_waist hips_down
        from_the_hips_down both_knees both_hips my_lower_body soles both_soles""",
    "BOTH": "both each bilateral waist_down",
    "LEG": "leg legs foot feet ankle toe toes thigh knee knees shin calf",
    "FOOT": "foot toes big_toe ankle forefoot toe front_of_my_foot front_of_the_foot front_of_foot ball_of_my_foot",
    "ARM": """arm arms left_arm right_arm elbow forearm upper_arm down_my_arm left_hand right_hand left_shoulder
        fingers hand hands wrist little_finger pinky inside_of_my_arm elbows""",
    "ONESIDE": """one_side left_side right_side half_my_body one_arm one_leg half_of_my left right side left_half
        right_half half_of_his half_of_her half_his half_her down_one_side whole_left whole_right entire_left
        entire_right left_leg_and right_leg_and""",
    "WEAK": """weak weakness weaker weakening week_legs heavy heavier heaviness give_way gives_way giving_way
        gave_way giving_out gave_out give_out buckle buckles buckled buckling collapse collapses collapsed
        collapsing paralysed paralyzed paralysis paralised limp lame floppy jelly jello lifeless wont_hold not_hold
        wont_carry wont_work dont_work stopped_working doesnt_work not_working wont_move wont_obey dragging_my
        dont_obey useless like_lead leaden wobbly wobble unsteady gone_from_under lost_power no_power loss_of_power
        lost_strength no_strength losing_strength clumsy fumbling dropping_things drop_things wont_respond
        isnt_working not_working_right not_working_properly arent_working aint_working lead to_lead turned_to_lead
        turned_to crawl crawling flopped flopping flop flops dead_weight wont_lift wont_lift_up noodles spaghetti
        rubbery buckled_under no_strength_in lost_grip lose_grip losing_grip losing_my_grip drops_things cant_grip
        folded_under folds_under wooden_legs shaky_and_weak going_from_under went_from_under gave_out_on give_out_on
        feeble refuse_to_work refuses_to drop_everything keys_drop cups_drop dropping_cups unresponsive dont_respond
        quit_working quit_on_me""",
    "MOVE": """move walk stand stand_up lift raise lift_up raise_up get_up weight_bear bear_weight put_weight
        put_any_weight put_my_weight put_full_weight step grip hold climb""",
    "PROGRESS": """getting_worse getting_weaker gets_weaker weaker_and_weaker weaker_by worse_every worse_by_the
        every_day_a_bit day_by_day more_and_more spreading spread progressive progressively worsening increasingly
        spreading_up creeping_up growing each_day by_the_day by_the_hour every_hour quickly rapidly keeps_getting
        worse_and_worse every_week every_day week_by_week a_bit_more little_more worse_than worse_and more_each
        bit_less harder_and_harder day_after_day weekly_worse and_now_the_other now_the_other""",
    "FOOTDROP": """foot_drop footdrop drop_foot dropped_foot foot_slaps foot_slapping slapping_the_floor
        slaps_the_floor foot_drags drag_my_foot dragging_my_foot foot_is_dragging trip_over_my_foot
        cant_lift_my_toes cant_lift_my_foot foot_flops slaps_the_ground slapping_the_ground toes_drag toes_wont
        foot_wont toe_wont cant_raise_my_toes cant_raise_my_foot cant_pull_my_toes cant_pull_my_foot
        trip_over_my_own tripping_over_my_foot tripping_over_my_toes catch_my_toes my_toes_on_the foot_hangs
        foot_is_hanging floppy_foot foot_is_floppy""",
    "EXERCISE": """squat squats session sessions workout workouts gym training marathon deadlift deadlifts
        pushups push_ups pushup bench_press benching press_ups leg_day hike hiking spin_class football_match
        crossfit hiit after_training after_running after_a_run after_my_run after_the_run long_run lunges plank
        planks class yoga pilates doms weights lifting burpees dips after_exercise stair_machine rowing
        bench_presses pec_deck chest_workout after_gym sit_ups crunches swim swimming rowed hill_sprints sprints""",
    "POSTURE": """sit sits sitting sat cross_legged crosslegged kneel kneeling squatting desk chair saddle_height
        bike cycling cycle cyclist bicycle wallet hold_the_phone scrolling hard_bench long_drive driving slept_on
        sleep_on lie_on lying_on lie_on_my meditate meditating meditation toilet_seat drape stretch stretching
        crossed cross_my_legs high_heels tight_shoes skates ski_boots ski""",
    # --- Chest, breath --------------------------------------------------------------------------
    "CHEST": """chest breastbone breast_bone sternum ribcage rib_cage ches chst breasbone behind_my_ribs
        breasts upper_chest
        left_breast right_breast under_my_breast breast""",
    "CHESTMUSCLE": """chest_muscle chest_muscles chest_stretch chest_stretches chest_opener chest_opening
        chest_tendon chest_day chest_press chest_exercise chest_exercises chest_expander chest_freezer chest_of
        chest_rest chest_rub chest_infection chest_height chest_level chest_to to_my_chest to_your_chest
        to_the_chest to_chest on_my_chest_and_breathe chin_to chin_on_my chin_toward heart_of heart_rate by_heart
        good_heart heart_emoji bottom_of_my_heart heartfelt chest_cold pec_stretch heart_breaking heart_broken
        whole_heart chest_voice""",
    "TIGHT": """tight tightness tighter tightening tight_band band pressure pressing squeeze squeezing squeezed
        crushing crushed crush heavy heaviness weight vice vise elephant constricted constriction tite tightnes
        clamp gripping like_a_brick sitting_on_my someone_sitting discomfort burning squash squashed squashing
        clamped a_clamp heavy_weight stone_on brick compressed tightening_up cramped suffocating bursting
        belt_around rope_around pushing_on gripped gripping_pain squeezing_behind uncomfortable indigestion
        heartburn""",
    "HURT": """pain pains painful paining hurt hurts hurting ache aches aching achy acheing sore soreness stab
        stabs stabbing agony sharp burning cramp cramps throb throbs throbbing killing pian payn stitch twinge
        discomfort kills clutching clutches clutched clutch""",
    "CHESTPAIN": "angina chestpain heart_attack chestpains cardiac_pain mi_symptoms indigestion_and heartburn_and",
    "HEARTATTACK": "heart_attack heartattack cardiac_arrest",
    "JAW": "jaw jaws lower_jaw neck_and_jaw into_my_neck throat teeth tooth chin gums",
    "SPREAD": """goes_into going_into radiates radiating spreads spreading travels into_my down_my_arm up_my_neck
        shooting_down shoots_down goes_down through_to_my_back between_my_shoulder between_the_shoulder
        between_shoulder shoulder_blades sholder_blades into_his into_her down_his down_her into_the goes_down_to
        goes_to_my goes_up_to goes_through through_to_the_back down_to_my up_into up_to_my moves_to""",
    "SWEAT": """sweat sweats sweating sweaty sweated clammy cold_sweat drenched pouring_with sweating_buckets
        sweats_a_lot dripping soaked_in_sweat cold_and_clammy wringing_wet""",
    "BREATHLESS": """breathless breathlessness short_of_breath shortness_of_breath out_of_breath out_of_puff
        puffed cant_breathe cannot_breathe cant_breath cant_catch_my_breath catch_my_breath catch_her_breath
        catch_his_breath hard_to_breathe hard_to_breath difficulty_breathing trouble_breathing struggling_to_breathe
        struggle_to_breathe gasping winded wheezing wheezy hurts_to_breathe when_i_breathe_in when_i_breathe
        short_breath no_air breathing_is_hard breathing_problems struggling_for_breath puffing get_enough_air
        get_any_air breathing_hard can_hardly_breathe cant_get_my_breath fighting_for_breath sob_on full_breath
        proper_breath deep_breath_anymore get_my_breath get_air no_breath breathing_problem struggling_for_air
        breath_is_short short_breaths labored laboured trouble_getting_air hardly_breathe gulping_for_air
        breathless_just hard_time_breathing lost_my_breath air_hunger cant_breth cant_brethe cant_breeth
        short_of_breth shortness_of_breth out_of_breth puffing_like hard_to_get_air cant_get_breath
        cant_take_a_breath cant_take_a_full not_enough_air panting catching_my_breath struggle_for_breath
        breathless_at struggling_to_get_my_breath""",
    "SICK": """sick nausea nauseous nauseated queasy vomit vomiting vomited throwing_up threw_up throw_up
        being_sick faint fainted fainting faintness passed_out passing_out pass_out blacked_out blacking_out
        light_headed lightheaded dizzy dizziness woozy collapsed palpitations racing_heart grey_in_the_face pale
        gone_grey gone_gray grey_and ashen gone_pale went_pale white_as_a_sheet keel_over keeled_over nearly_fainted
        almost_passed swimmy dreadful impending_doom heart_racing heart_pounding heart_is_racing fluttering
        light-headed want_to_vomit puking puked unwell ill_and feel_ill feeling_ill really_ill shaky cold_and_shaky
        dying fear_of_dying threw_up_twice""",
    "EFFORT": """walk_uphill uphill up_hill climb_the_stairs climbing_stairs climb_stairs the_stairs up_stairs
        upstairs on_exertion with_exertion exertion when_i_walk stops_when_i_stop when_i_stop when_i_rest
        goes_away_when hurry hurrying rush rushing brisk_walk walk_fast walking_fast climbing climb go_upstairs
        take_the_stairs carry_shopping carrying_shopping mow exertional gardening""",
    "BREATHPAIN": "breathe_in breathe_in_deep breathing_in deep_breath breathe take_a_breath",
    "COUGHBLOOD": """coughing_blood coughing_up_blood cough_blood cough_up_blood coughed_blood coughed_up_blood
        coughs_blood coughs_up_blood spitting_blood spat_blood blood_when_i_cough blood_in_my_phlegm blood_in_phlegm
        blood_in_the_phlegm blood_in_sputum bloody_phlegm bloody_sputum vomiting_blood vomit_blood throwing_up_blood
        blood_in_my_spit pink_froth coffin_up_blood""",
    "COUGH": "cough coughed coughing coughs spit spat spitting phlegm sputum sputem hacking",
    "BLOOD": """blood bloody blud bleed bleeding bled haemorrhage hemorrhage spotting clots red_in_my_knickers
        pink_stuff pink_foam pink_frothy red_stuff pink_slime""",
    # --- Head, face, speech, sight ------------------------------------------------------------
    "FACE": """face mouth cheek eyelid corner_of_my_mouth smile lip lips eye_lid half_my_face his_smile her_smile
        my_smile half_of_my_face side_of_my_face one_cheek tongue""",
    "DROOP": """droop drooped drooping droops droopy drops dropped sag sags sagging sagged hang hangs
        hanging_down lopsided lop_sided crooked slipped slid fallen_on_one uneven wonky skewed pulled_down
        gone_slack slack cant_smile wonky_smile fallen drooling dribbling""",
    "SPEECH": """slur slurs slurred slurring cant_speak cant_talk cant_get_my_words get_my_words words_out
        find_my_words trouble_speaking difficulty_speaking speech words_come_out talking_gibberish gibberish
        trouble_talking find_the_words wrong_words words_jumbled get_words_out cant_find_words speak_properly
        talk_properly speak_clearly""",
    "SLURRED": """slur slurs slurred slurring cant_speak cant_talk talking_gibberish words_jumbled jumbled_words
        speech_is_funny talking_nonsense talking_rubbish talks_nonsense words_are_coming_out words_came_out
        mumbling_like tongue_feels_thick speaking_funny talking_funny talks_funny talk_funny sounds_drunk
        sounding_drunk speech_gone speech_went lost_my_speech cant_find_his cant_find_her cant_find_my_words
        find_his_words find_her_words makes_no_sense not_making_sense making_no_sense mixing_up_words
        mixing_up_my_words cant_understand_what speech_is_off speech_is_slurry speech_sounds""",
    "HEADACHE": """headache headaches headach hedache head_ache migraine head_pain head_hurts head_is_splitting
        head_is_exploding head_exploded pain_in_my_head head_is_killing head pain_in_the_head my_skull skull
        back_of_my_head head_feels_like""",
    "WORST": """worst worst_ever worst_headache thunderclap thunder_clap worst_in_my_life of_my_life ive_ever_had
        i_ever_had i_have_ever_had like_being_hit like_a_hammer hit_on_the_head explosive unbearable exploded
        never_had_such never_had_a_headache_like i_ever ive_ever worst_pain bolt_of_lightning lightning
        never_known_anything anything_like_it like_an_explosion pop_in_my_head something_burst burst blinding brutal
        like_being_stabbed like_an_axe like_never_before knocked_me_to_the 10_out_of_10 mother_of_all
        like_someone_hit hit_me_with_a with_a_bat with_a_hammer with_a_brick like_a_gunshot unlike_any
        nothing_like_it_before like_no_other beyond_anything""",
    "SUDDEN": """sudden suddenly all_of_a_sudden out_of_nowhere all_at_once from_one_second from_one_moment
        in_seconds within_seconds abrupt abruptly bang like_a_bolt instantly sudenly suddently in_a_flash
        from_nowhere""",
    "VISION": """vision sight eyesight see_double double_vision seeing_double sees_double eye eyes blurred_vision
        blurry_vision half_blind blind went_blind lost_sight lost_my_sight sight_loss vision_loss loss_of_sight
        loss_of_vision""",
    "DOUBLE": """see_double seeing_double double_vision sees_double saw_double two_of_everything seing_double
        two_outlines two_images everything_twice everything_double everything_is_double eyes_cross see_two""",
    "SIGHTLOST": """went_grey went_black gone_grey gone_black gone_dark went_dark went_dim gone_blurry blurry
        blurred blind lost loss losing disappeared a_curtain curtain shadow went gone double dimmed went_blurry
        greyed_out black_out cloudy foggy patchy shutter shutter_coming like_a_shutter tunnel_vision went_blank
        blank missing half_missing flickering dimming gray fading faded""",
    "UNSTEADY": """like_im_drunk like_a_drunk drunk staggering stagger stumbling off_balance lost_my_balance
        unsteady lose_my_balance cant_walk_straight veering walk_funny room_spins spinning vertigo cant_swallow
        trouble_swallowing difficulty_swallowing losing_my_balance into_door into_doors into_walls into_door_frames
        swallow_right cant_swallow_right keep_falling_over tipping_over fall_to_one_side veer pupil pupils sway
        swaying lurching wobbly_on_my trip_over_my_own tripping_over_my_own walk_straight like_a_drunken
        bumping_into unsteady_on lost_balance lost_all_balance cant_keep_my_balance gait""",
    "TEMPLE": """temple temples scalp comb_my_hair combing_my_hair brush_my_hair brushing_my_hair when_i_chew
        chewing chew side_of_my_head scalp_is_sore""",
    "STIFFNECK": """stiff_neck neck_stiff neck_is_stiff neck_stiffness chin_on_my_chest chin_to_my_chest
        bend_my_neck neck_so_stiff neck_rigid rigid_neck light_hurts lights_hurt photophobia hurts_my_eyes
        cant_stand_the_light neck_is_so neck_wont_bend neck_wont neck_locked_and bend_neck neck_is_so_stiff
        neck_is_rigid light_is_unbearable cant_bear_light cant_stand_light bright_light""",
    "RASH": "rash spots drowsy drowsiness confused confusion muddled sleepy_and_confused purple_spots glass_test",
    "NECK": "neck throat_side back_of_my_neck nape",
    "CONFUSED": "confused confusion muddled delirious confusing",
    # --- Fever, spine, injuries ---------------------------------------------------------------
    "FEVER": """fever feverish fevers fevered febrile high_temperature high_temp a_temperature
        running_a_temperature shivering shivers shiver chills rigors night_sweats burning_up hot_and_cold
        hot_and_shivery feever feaver shakes the_shakes teeth_chattering freezing_and_sweating""",
    "TEMPERATURE": "temperature temp fever degrees deg celsius fahrenheit thermometer",
    "SPINE": """spine spinal back backache back_ache lower_back low_back vertebra vertebrae on_the_bone backbone
        lumbar lower_bak upper_back mid_back midback lowback flank kidney loin sacrum tailbone""",
    "SPINEBONE": "spine spinal vertebra vertebrae on_the_bone backbone",
    "FALL": """fell_off fell_from fell_down fell_over fell_on fell_onto fell_backwards fell_out fell_hard
        fall_from fall_off fall_down a_fall my_fall bad_fall nasty_fall heavy_fall had_a_fall took_a_fall
        taken_a_fall after_falling falling_down fallen_off fallen_down fallen_from fallen_over off_a_ladder
        off_the_ladder off_my_bike off_my_horse off_the_roof came_off_my came_off_the thrown_off thrown_from
        slipped_on_ice slipped_on_the tumbled_down down_the_stairs slipped_and ive_fallen i_fell he_fell she_fell
        tumbled_off tumbled tumbled_from tumble toppled toppled_off toppled_from slipped_in slipped_off
        slipped_in_the_bath slipped_down fell_in_the bike_fall bad_landing after_the_fall after_a_fall
        since_the_fall since_my_fall i_slipped she_slipped he_slipped came_down_hard thrown_by missed_a_step
        missed_the_last_step went_over_the_handlebars over_the_handlebars plunged""",
    "CRASH": """car_crash car_accident crash crashed rear_ended rearended rear_end whiplash car_wreck wreck
        collision hit_by_a knocked_off knocked_over knocked_down motorbike_accident motorcycle_accident
        bike_accident road_accident rta accident pile_up shunted hit_me_from run_over bike_crash t_boned moped
        scooter_accident off_my_moped off_my_scooter car_hit lorry_hit bus_hit bumped_into_me_from fender_bender
        crashed_my ran_into_me drove_into_me smash smashed_into car_smash hit_by_car ran_into_the_back
        went_into_the_back drove_into_the_back into_the_back_of hit_us_from hit_from_behind car_hit_me car_hit_us
        car_rolled""",
    "BLOW": """kicked punched hit_in_the hit_on_the kick_to kick_in blow_to a_blow knock_to knock_on punch_to
        hit_my_head banged_my_head bumped_my_head whacked landed_on fallen_on tackled tackle dropped_on struck
        hard_blow got_hit was_hit head_injury injury smashed_my crushed_my trapped_my elbowed bashed thumped slammed
        clobbered rugby_tackle headbutted hit_by thrown_against fell_on_top fell_on_my dropped_a landed_badly
        landed_awkwardly landed_hard""",
    "FALLJOKE": """fell_asleep fall_asleep falls_asleep fell_in_love fall_in_love falls_apart fell_apart
        fall_apart fall_behind fell_behind fell_into fall_into in_the_fall fell_for fall_for fell_short crash_course
        crashed_out crash_diet fell_out_of_love crash_on_the_sofa""",
    "SEVERE": """terrible awful severe severely unbearable excruciating agony agonising agonizing horrendous
        hardly_move cant_move barely_move cannot_move intense massive horrible extreme extremely so_bad really_bad
        terribly screaming worst wicked bad badly a_lot hell insane crazy mad 10/10 9/10 like_hell hurts_like_hell
        never_lets_up wont_let_up relentless nonstop constant cant_touch_it cant_turn tearing ripping""",
    "BENT": """bent deformed out_of_shape out_of_place looks_wrong wrong_angle funny_angle odd_angle weird_angle
        sticking_out bone_sticking dislocated dislocation crooked misshapen popped_out""",
    "BADCOLOUR": "cold blue white pale purple grey gray mottled icy ice_cold bluish colourless black yellow",
    "HARD": "rock_hard hard_as_rock like_stone hard_as_a solid like_concrete getting_tighter tense",
    "THIGH": "thigh calf shin lower_leg forearm quad hamstring quads",
    # --- Clots --------------------------------------------------------------------------------
    "CALF": """calf calfs calve calves lower_leg back_of_my_leg back_of_the_leg left_leg right_leg one_leg leg
        soleus gastroc gastrocnemius knee_pit behind_my_knee behind_the_knee""",
    "SWOLLEN": """swollen swolen swollon swelled swelling sweling swell swells swole puffy balloon ballooned
        balooned blown_up oedema edema twice_the_size double_the_size enlarged puffed_up up_like_a size_of_a puffed
        like_a_balloon double_the double_in_size twice_as_big sausage tight_and_shiny bulging blown_up_like
        swelled_up swollen_up ballooning tight_as_a_drum up_to_the_thigh tree_trunk like_a_tree""",
    "HOT": "hot warm warmer burning heat_coming hot_to hotter roasting boiling",
    "COLOUR": """red redness reddish purple purplish blue bluish discoloured discolored darker dark_red pinkish
        shiny maroon violet strange_colour funny_colour weird_colour odd_colour changed_colour change_colour
        strange_color funny_color weird_color changed_color colour_change color_change different_colour
        different_color blotchy mottled streaky red_streaks red_streak dusky""",
    "FLIGHT": """flight flights flew flying plane airplane aeroplane long_haul longhaul jet_lag coach_trip
        on_a_coach coach bus_ride car_ride long_drive hour_drive drive hours_on hours_in hours_sitting bedrest
        bed_rest in_plaster in_a_cast cast boot immobile flew_in flew_back flew_home in_bed_for stuck_in_bed
        in_hospital_for train_journey car_journey hours_in_the_car hours_on_the_bus overnight_bus hours_on_a""",
    "SURGERY": """surgery operation operated op knee_op hip_op replacement arthroscopy caesarean cesarean
        c_section section hip_replacement knee_replacement after_giving_birth gave_birth post_op postop bladder_out
        appendix_out gall_bladder_out gallbladder_out had_a_baby had_my_baby giving_birth had_my_knee had_my_hip
        had_an_operation keyhole cast_came_off plaster_came_off came_out_of_hospital spinal_fusion bunion
        just_had_my""",
    "PILL": "on_the_pill the_pill contraceptive hrt pregnant chemo",
    "ONLYONE": """only_the_right only_the_left just_the_left just_the_right only_one one_side than_the_other
        than_the_left than_the_right just_one only_on""",
    "DVT": "dvt blood_clot bloodclot thrombosis deep_vein clot pulmonary_embolism embolism",
    "HEATCAUSE": """heat_pad heating_pad hot_water_bottle heat_pack tiger_balm deep_heat cream sunburn sunburnt
        bath bruise""",
    # --- Self-harm ----------------------------------------------------------------------------
    "SUICIDE": """suicidal suicidle suicide suiside sucide kill_myself killing_myself kil_myself killmyself kms
        end_my_life ending_my_life end_it_all ending_it_all end_my_own take_my_life taking_my_life take_my_own_life
        taking_my_own_life do_myself_in top_myself hang_myself hanging_myself shoot_myself harm_myself
        harming_myself hurt_myself_on cut_myself_to self_harm selfharm self_harming unalive unaliving overdose
        overdosed od_on want_to_die wanna_die wanted_to_die want_to_be_dead wish_i_was_dead wish_i_were_dead
        rather_be_dead better_off_dead wish_i_wasnt_here ready_to_die rather_die want_to_end_it wanting_to_die
        wanna_be_dead jump_off_a jump_off_the jump_in_front jump_from_a jump_from_the
        drive_into_a_tree drive_into_a_wall
        drive_my_car_into drive_off_a_bridge drive_off_the_bridge slit_my kill_my_self throw_myself
        end_things_for_good make_it_all_stop_for_good offing_myself off_myself drown_myself gonna_end_it
        going_to_end_it hopes_of_dying thought_of_dying hope_i_die hope_i_dont_wake pray_i_dont_wake killing_my_self
        ending_things finish_it_all put_an_end_to_my end_it_tonight end_it_now end_it_soon ending_it
        isnt_worth_living not_worth_living aint_worth_living no_life worth_ending noose
        rope_in_the gun_in_my in_front_of_a_lorry in_front_of_a_truck in_front_of_traffic into_traffic
        in_front_of_a_train in_front_of_the_train in_front_of_a_car in_front_of_a_bus walk_into_the_sea
        walking_into_the_sea walk_into_traffic heart_just_stops heart_stops heart_would_stop heart_would_just_stop
        my_plan_is_ready plan_to_end have_a_plan_to_end note_is_on note_is_written my_note_is goodbye_note
        cut_myself cutting_myself cutting_again cut_my_wrists my_wrists burning_myself slice_my wanted_to_end_my
        dont_deserve_to_live do_away_with_myself done_living ready_to_go_for_good last_message final_message
        last_goodbye end_this_life end_my_misery end_my_suffering put_me_out_of_my_misery swallow_the_lot
        swallow_them_all tell_my_kids tell_my_children tell_my_family tell_my_wife tell_my_husband
        wish_id_never_been_born never_been_born want_to_disappear planning_my_suicide took_too_many_pills
        took_too_many_tablets took_all_my_pills bottle_of_whisky_and bottle_of_vodka_and bottle_of_pills
        my_life_is_over life_is_pointless life_has_no life_is_not_worth not_worth_it_anymore no_reason_to_live
        wont_be_alive die_in_my_sleep hope_to_die pray_to_die wish_to_die want_it_all_to_end want_everything_to_end
        make_it_stop_forever thinking_about_jumping thought_about_jumping think_about_jumping just_jump suicidally
        im_done_i_mean_really jumping_in_front jumping_off dead_soon hurt_myself_on_purpose hurting_myself
        hurt_myself_tonight hurt_myself_again_tonight
        have_the_rope have_a_rope got_the_rope got_a_rope bought_a_rope bought_rope""",
    "SUICIDEJOKE": """suicide_squat suicide_squats suicide_sprints suicide_runs suicide_drills suicide_grip
        suicides suicide_prevention_day suicide_prevention""",
    "BETTEROFF": """better_off_dead better_off_without_me better_without_me better_off_if_i better_of_without_me
        happier_without_me miss_me_anyway nobody_would_miss no_one_would_miss noone_would_miss wouldnt_miss_me
        only_a_burden a_burden_to just_a_burden such_a_burden burden_on burden_to_everyone easier_without_me
        easier_for_everyone_if_i better_if_i_wasnt better_if_i_werent better_if_i_was_gone nobody_would_notice
        no_one_would_notice noone_would_notice nobody_would_care if_i_was_gone if_i_were_gone if_i_wasnt_here
        if_i_disappeared if_i_died when_im_gone once_im_gone without_me_around better_off_without_having_me
        world_without_me just_in_everyones_way
        if_i_was_dead if_i_were_dead happier_if_i if_i_weren better_if_i_were""",
    "NOPOINT": """see_the_point see_a_point see_any_point no_point whats_the_point what_is_the_point
        wats_the_point see_no_point see_the_pont point_in_anything point_of_anything see_a_reason see_any_reason
        no_reason_to nothing_to_live reason_to_live reason_to_go_on""",
    "LIFE": """living life live going_on go_on carry_on carrying_on keep_going continuing existing being_alive
        alive being_here be_here waking_up wake_up wakeup getting_up_anymore in_anything exist any_of_it of_anything
        of_it_all be_around being_around here_anymore""",
    "ANYMORE": "any_more anymore any_longer",
    "WONT": """dont_want do_not_want didnt_want no_longer_want not_want rather_not would_rather_not dont_wanna
        wish_i_didnt wish_i_wouldnt wish_i_didn wish_id_not rather_never tired_of sick_of fed_up_with hope_i_dont
        wish_i_could_not wish_to_not dont_really_want_to not_wanting""",
    "LIVE": "live living be_here be_alive being_alive wake_up waking_up wakeup exist existing be_around life",
    "GIVEUP": """tired_of_living tired_of_life sick_of_living sick_of_life done_with_life cant_go_on cannot_go_on
        had_enough_of_life had_enough_of_living cant_do_this_anymore cant_do_this_any_more cant_take_it_anymore
        cant_take_it_any_more cant_take_this_anymore cant_take_this_any_more cant_live_like_this cant_live_with_this
        go_to_sleep_and_never sleep_and_not_wake fall_asleep_and_never never_wake_up not_wake_up not_waking_up
        dont_wake_up want_it_to_be_over just_want_it_to_end wish_it_would_end wish_it_was_all_over no_way_out
        only_way_out see_no_way_out way_out_of_this_is give_up_on_life given_up_on_life lost_the_will will_to_live
        not_be_here_anymore wont_be_here_much wont_be_around goodbye_everyone said_my_goodbyes saying_goodbye
        goodbye_letters written_the_letters wrote_the_letters written_letters wrote_a_note written_a_note
        suicide_note giving_away_my_things given_away_my_things no_future_for_me disappear_forever
        disappear_for_good not_exist stop_existing written_my_goodbye wrote_my_goodbye wish_i_could_disappear
        cant_go_on_like_this way_out_of_this see_a_way_out see_any_way_out see_no_way no_more_hope no_hope_left
        nothing_left_for_me nothing_left_to_live end_the_pain_for_good end_the_pain_forever go_to_sleep_forever
        sleep_forever dont_wanna_be_here dont_want_to_exist no_will_to cant_face_another cannot_face_another
        cant_face_one_more face_another_day cant_live_like cant_keep_living not_going_to_be_here wont_see_another
        wont_see_my_next stop_being_here be_dead dont_wanna_live dont_want_to_live nothing_to_live_for
        sleep_and_not_wake_up never_want_to_wake id_be_better_off_dead be_better_off_dead dont_see_a_future
        see_no_future no_future""",
    "PILLS": """pills tablets tablet pill meds medication painkillers paracetamol tramadol oxycodone morphine
        razor blades blade rope oxy oxys valium opioids opiates sleeping_pills sleepers insulin fentanyl codeine
        pregabalin
        amitriptyline gabapentin diazepam valium xanax ibuprofen zopiclone antidepressants""",
    "HOARD": """counted counting count saved saving_up saving hoarded hoarding stockpiled stockpiling lined_up
        stash stashed collected collecting swallow_all take_all take_them_all took_all swallowed_all whole_packet
        whole_box whole_pack""",
    "TRAIN": """train_tracks railway_tracks the_tracks railway_bridge bridge motorway_bridge rooftop
        in_front_of_a_train in_front_of_the_train under_a_train platform_edge cliff in_front_of_a_bus
        in_front_of_a_car""",
    "OVER": "be_over it_over would_be_over jump end step_off all_over drive_into",
    # --- Belly, pregnancy, others ---------------------------------------------------------------
    "TESTICLE": """testicle testicles testis ball balls scrotum nut nuts bollock bollocks left_nut right_nut
        my_nut my_balls left_ball right_ball""",
    "PREGNANT": """pregnant pregnancy weeks_pregnant months_pregnant trimester wks_pregnant expecting preggers
        preggo pregnent weeks_gone weeks_along""",
    "PREGBAD": """bleeding bleed blood spotting bled waters_broke waters_have_broken fluid_leaking contractions
        in_waves baby_moving baby_hasnt_moved not_moved baby_stopped_moving baby_moves_less tummy_pain stomach_pain
        belly_pain cramping fainted swollen_hands flashing_lights very_quiet so_quiet quiet_today not_kicking
        stopped_kicking no_kicks hasnt_moved isnt_moving red_in_my blood_in_my_knickers waters_gone waters_went
        leaking_fluid water_broke seeing_stars bad_headache blurry_vision tightenings swollen_face face_is_swollen
        face_swollen terrible_headache severe_headache splitting_headache headache_and_swollen bleeding_a_bit
        abdominal_pain pain_low_down stabbing_belly upper_tummy under_my_ribs shoulder_tip""",
    "BELLY": "tummy belly stomach abdomen abdominal tum gut guts",
    "PULSING": "beating pulsing pulsating pulse throbbing pulsates heartbeat beats",
    "LIMB": "arm leg foot hand fingers limb toes ankle wrist",
    "JOINT": "joint knee hip ankle elbow shoulder wrist toe big_toe",
    "SWALLOW": "swallow swallowing breathe breathing breath",
    "MOUTHSWELL": "tongue throat mouth floor_of_my_mouth neck lips under_my_jaw face",
    "HERNIA": "lump bulge hernia",
    "WEIGHTLOSS": """losing_weight lost_weight weight_loss lost_a_stone lost_two_stone lost_10_kilos lost_kilos
        lost_so_much_weight dropped_a_stone weight_is_dropping losing_so_much_weight shedding_weight weight_fell_off
        weight_falling_off clothes_hanging_off""",
    "UNEXPLAINED": """without_trying unexplained cant_explain for_no_reason no_reason not_trying not_dieting
        cancer tumour tumor night_pain at_night""",
    "CANCER": "cancer tumour tumor lymphoma myeloma metastases metastatic",
    "NIGHT": "at_night night_pain every_night wakes_me night worse_at_night",
    "BIGGER": "bigger thicker thick huge fat larger wider",
    "PEC": "pec pecs pectoral pectorals pec_minor",
    "COLD": "cold icy ice_cold freezing stone_cold",
    "PALE": "white pale blue bluish grey gray purple mottled waxy colourless blue-ish",
    "LIMBSHORT": "looks_shorter shorter_than turned_outwards turned_outward",
    "URGE": """need_to_go have_to_go got_to_go need_the_loo need_the_toilet need_a_wee need_a_pee im_finished
        ive_finished when_its_full when_im_full is_full its_full urge""",
    "BOOZE": "whisky whiskey vodka gin alcohol booze rum bottle",
}

# The words whose slips are forgiven: long, telling, and with few neighbours.
SLIPS_OF = """numbness tingling bladder urinate urinating incontinent incontinence genitals breathless breathlessness
    suicidal suicide swollen swelling paralysed paralyzed paralysis headache weakness bowels sweating vomiting bleeding
    pregnant pregnancy coughing thrombosis testicle testicles slurred slurring drooping dizziness collapsed heaviness
    tightness pressure shoulder temperature stiffness thunderclap clutching crushing squeezing privates perineum crotch
    sensation sensations breathing swallowing shivering feverish operation surgery tablets suddenly yesterday morning
    stomach contractions vision seizure""".split()

# Words of their own, however near.
NOT_SLIPS = """spelling smelling selling telling dwelling sweeping swearing seating sealing stuffiness tightens
    pressured pressures should shoulders shouldered towels vowels bowls bottoms breeding blessing
    heeding feeding reading brushing rushing crashing crushes clashing visions version mission
    morning mornings mourning warning stomachs operations cooperation opening tables gablets goblets
    sentiment sensational slurping drooling dropping trooping weekness bleading""".split()
