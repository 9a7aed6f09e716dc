#include "concept/catalogue.h"
#include "concept/record.h"

#define WORDS(name, ...) \
	static const struct tu_word name##_list[] = {__VA_ARGS__}; \
	const struct tu_words tu_words_##name = {name##_list, TU_COUNT(name##_list)}

/* clang-format off */
WORDS(class,
	{"implant", TU_CLASS_IMPLANT},
	{"wearable", TU_CLASS_WEARABLE},
	{"bedside", TU_CLASS_BEDSIDE},
	{"imaging", TU_CLASS_IMAGING},
	{"cloud-only", TU_CLASS_CLOUD},
	{"software-only", TU_CLASS_SOFTWARE});

WORDS(reply,
	{"yes", TU_REPLY_YES},
	{"no", TU_REPLY_NO},
	{"unknown", TU_REPLY_UNKNOWN});

WORDS(stakeholder,
	{"clinician", TU_STAKEHOLDER_CLINICIAN},
	{"patient", TU_STAKEHOLDER_PATIENT},
	{"hospital-it", TU_STAKEHOLDER_HOSPITAL_IT},
	{"service", TU_STAKEHOLDER_SERVICE},
	{"production", TU_STAKEHOLDER_PRODUCTION},
	{"supplier", TU_STAKEHOLDER_SUPPLIER},
	{"regulatory", TU_STAKEHOLDER_REGULATORY});
/* clang-format on */
