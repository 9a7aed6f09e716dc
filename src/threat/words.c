/* The words of design models (docs/formats/model.md). */
#include "threat/words.h"

#include "device/stated.h"

#define WORDS(name, ...) \
	static const struct tu_word name##_list[] = {__VA_ARGS__}; \
	const struct tu_words tu_words_##name = {name##_list, TU_COUNT(name##_list)}

/* clang-format off */
WORDS(zone_role,
	{"unknown", TU_ZONE_UNKNOWN},
	{"care", TU_ZONE_CARE},
	{"device", TU_ZONE_DEVICE},
	{"user", TU_ZONE_USER},
	{"public", TU_ZONE_PUBLIC},
	{"hospital", TU_ZONE_HOSPITAL},
	{"cloud", TU_ZONE_CLOUD},
	{"manufacturer", TU_ZONE_MANUFACTURER},
	{"production", TU_ZONE_PRODUCTION});

WORDS(element_kind,
	{"unknown", TU_ELEMENT_UNKNOWN},
	{"actor", TU_ELEMENT_ACTOR},
	{"external", TU_ELEMENT_EXTERNAL},
	{"process", TU_ELEMENT_PROCESS},
	{"store", TU_ELEMENT_STORE},
	{"hardware", TU_ELEMENT_HARDWARE},
	{"external-system", TU_ELEMENT_EXTERNAL},
	{"data-store", TU_ELEMENT_STORE});

WORDS(medium,
	{"unknown", TU_MEDIUM_UNKNOWN},
	{"internal", TU_MEDIUM_INTERNAL},
	{"local", TU_MEDIUM_LOCAL},
	{"optical", TU_MEDIUM_OPTICAL},
	{"radio", TU_MEDIUM_RADIO},
	{"removable", TU_MEDIUM_REMOVABLE},
	{"ip", TU_MEDIUM_IP},
	{"internet", TU_MEDIUM_INTERNET});

WORDS(carries,
	{"command", TU_CARRIES_COMMAND},
	{"configuration", TU_CARRIES_CONFIGURATION},
	{"update", TU_CARRIES_UPDATE},
	{"information", TU_CARRIES_INFORMATION},
	{"alarm", TU_CARRIES_ALARM},
	{"log", TU_CARRIES_LOG},
	{"identity", TU_CARRIES_IDENTITY},
	{"therapy", TU_CARRIES_THERAPY});

WORDS(flow_property,
	{"authentication", TU_PROPERTY_AUTHENTICATION},
	{"integrity", TU_PROPERTY_INTEGRITY},
	{"encryption", TU_PROPERTY_ENCRYPTION},
	{"freshness", TU_PROPERTY_FRESHNESS});

WORDS(view_kind,
	{"global", TU_VIEW_GLOBAL},
	{"multi-patient", TU_VIEW_MULTI_PATIENT},
	{"updateability", TU_VIEW_UPDATEABILITY},
	{"use-case", TU_VIEW_USE_CASE},
	{"other", TU_VIEW_OTHER});

WORDS(loss,
	{"confidentiality", TU_LOSS_CONFIDENTIALITY},
	{"integrity", TU_LOSS_INTEGRITY},
	{"availability", TU_LOSS_AVAILABILITY});

WORDS(position,
	{"touch", 0},
	{"radio", 0},
	{"adjacent", 0},
	{"internet", 0},
	{"insider", 0},
	{"supply-chain", 0});

WORDS(scope,
	{"device", 0},
	{"site", 0},
	{"fleet", 0});

WORDS(category,
	{"1", 1},
	{"2", 2},
	{"3", 3},
	{"4", 4},
	{"5", 5},
	{"6", 6},
	{"7", 7},
	{"8", 8},
	{"authentication", 1},
	{"authorization", 2},
	{"cryptography", 3},
	{"code, data and execution integrity", 4},
	{"code, data, and execution integrity", 4},
	{"confidentiality", 5},
	{"event detection and logging", 6},
	{"resiliency and recovery", 7},
	{"updates", 8},
	{"firmware and software updates", 8});
/* clang-format on */

bool tu_model_says_nothing(struct tu_str text)
{
	return tu_says_nothing(text);
}

bool tu_model_is_intent(struct tu_str text)
{
	return tu_is_intent(text);
}
