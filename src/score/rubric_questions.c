/*
 * The questions of the medical-device rubric. Ids and flow are MITRE's; the words are ours.
 *
 * Where the answer is unknown, the worst that the question can still lead to is scored. A device
 * without a network protocol over IP and without a radio (XAVW answered no) is scored as adjacent:
 * published calculators disagree between that and local, and this is the worse.
 */
#include "score/rubric_questions.h"

#define THEN(yes, no, unknown) \
	{ \
		[TU_RUBRIC_YES] = yes, [TU_RUBRIC_NO] = no, [TU_RUBRIC_UNKNOWN] = unknown \
	}

const struct tu_rubric_question tu_rubric_questions[TU_RUBRIC_COUNT] = {
	{"XAVN", "AV", "Can an attacker reach the vulnerability over a network or other protocol?",
		"Any communication counts: Ethernet, Wi-Fi, Bluetooth, serial, telemetry.", true,
		THEN("XAVT", "XAVP", "N")},
	{"XAVT", "AV", "Does that communication use IP, TCP, UDP or the like (OSI layer 3 or 4)?",
		"If so, it can be routed, and the attacker may be anywhere.", false,
		THEN("N", "XAVW", "N")},
	{"XAVW", "AV", "Is that communication wireless?", "Then how far it carries decides.", false,
		THEN("XAVR", "A", "A")},
	{"XAVR", "AV", "Is its range about 10 feet (3 m) or less?",
		"So near, the attacker has to be in the room.", false, THEN("L", "A", "A")},
	{"XAVP", "AV", "Must the attacker touch the device?",
		"Such as plug in a cable, open the housing, press its keys.", false,
		THEN("XAVPA", "L", "L")},
	{"XAVPA", "AV", "Is that through a user interface that people operate by hand?",
		"Recorded; it does not change the score.", false, THEN("P", "P", "P")},
	{"XACL", "AC", "Can the attacker exploit it at will?",
		"Without special circumstances, configurations or other attacks before.", true,
		THEN("L", "H", "L")},
	{"XPRL", "PR", "Does the component know several users or roles with different privileges?",
		"Without them there are no privileges to have.", true, THEN("XPRZ", "N", "N")},
	{"XPRZ", "PR", "Must the attacker be authorised before attempting it?",
		"Logged in, paired or otherwise known to the component.", false,
		THEN("XPRS", "N", "N")},
	{"XPRS", "PR", "Must the attacker be administrator, maintainer or the system itself?",
		"Privileges beyond those of a clinical user.", false, THEN("H", "L", "L")},
	{"XUI", "UI", "Does success depend on another person doing something?",
		"Such as opening a file, following a link, attaching a device.", true,
		THEN("R", "N", "N")},
	{"XS", "S", "Can the attacker affect a component under another authority?",
		"One whose permissions another part of the system grants.", true,
		THEN("C", "U", "C")},
	{"XCP", "C",
		"Can an attacker read data that identify or describe a patient (health or personal "
		"data)?",
		"What leaks counts, whether or not it is then used.", true, THEN("XCPM", "N", "H")},
	{"XCPM", "C", "Can it concern many patients, 500 or more?",
		"That many may oblige to notify authorities of a breach (HIPAA, GDPR).", false,
		THEN("H", "L", "H")},
	{"XCD", "C", "Can an attacker read data or functions of diagnosis or monitoring?",
		"What leaks counts, whether or not it is then used.", true, THEN("H", "N", "H")},
	{"XCT", "C", "Can an attacker read data or functions that deliver therapy?",
		"What leaks counts, whether or not it is then used.", true, THEN("H", "N", "H")},
	{"XCW", "C", "Can an attacker read data or functions of the clinical workflow?",
		"What leaks counts, whether or not it is then used.", true, THEN("H", "N", "H")},
	{"XCS", "C",
		"Can an attacker read private data of the system or its users, such as passwords "
		"or keys?",
		"What leaks counts, whether or not it is then used.", true, THEN("H", "N", "H")},
	{"XCO", "C",
		"Can an attacker read any other data or functions that are critical or sensitive?",
		"What leaks counts, whether or not it is then used.", true, THEN("H", "N", "H")},
	{"XIP", "I",
		"Can an attacker change or delete data that identify or describe a patient (health "
		"or personal data)?",
		"Also when the change would be noticed later.", true, THEN("H", "N", "H")},
	{"XID", "I",
		"Can an attacker change or delete data or functions of diagnosis or monitoring?",
		"Also when the change would be noticed later.", true, THEN("H", "N", "H")},
	{"XIT", "I", "Can an attacker change or delete data or functions that deliver therapy?",
		"Also when the change would be noticed later.", true, THEN("H", "N", "H")},
	{"XIW", "I", "Can an attacker change or delete data or functions of the clinical workflow?",
		"Also when the change would be noticed later.", true, THEN("H", "N", "H")},
	{"XIS", "I",
		"Can an attacker change or delete private data of the system or its users, such as "
		"passwords or keys?",
		"Also when the change would be noticed later.", true, THEN("H", "N", "H")},
	{"XIO", "I",
		"Can an attacker change or delete any other data or functions that are critical or "
		"sensitive?",
		"Also when the change would be noticed later.", true, THEN("H", "N", "H")},
	{"XAP", "A",
		"Can an attacker make data that identify or describe a patient (health or personal "
		"data) unavailable?",
		"For as long as the attack lasts, or longer.", true, THEN("H", "N", "H")},
	{"XAD", "A",
		"Can an attacker make data or functions of diagnosis or monitoring unavailable?",
		"For as long as the attack lasts, or longer.", true, THEN("H", "N", "H")},
	{"XAT", "A", "Can an attacker make data or functions that deliver therapy unavailable?",
		"For as long as the attack lasts, or longer.", true, THEN("H", "N", "H")},
	{"XAW", "A", "Can an attacker make data or functions of the clinical workflow unavailable?",
		"For as long as the attack lasts, or longer.", true, THEN("H", "N", "H")},
	{"XAS", "A",
		"Can an attacker make private data of the system or its users, such as passwords "
		"or keys unavailable?",
		"For as long as the attack lasts, or longer.", true, THEN("H", "N", "H")},
	{"XAO", "A",
		"Can an attacker make any other data or functions that are critical or sensitive "
		"unavailable?",
		"For as long as the attack lasts, or longer.", true, THEN("H", "N", "H")},
};
