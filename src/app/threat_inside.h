/* The threats of a model, between the files of src/app. */
#ifndef TU_APP_THREAT_INSIDE_H
#define TU_APP_THREAT_INSIDE_H

#include "app/threat.h"

enum { TU_THREAT_MEMORY = 1 << 30 };

/* Read the texts and find the threats, into an answer with its arena, time and device. */
TU_NODISCARD enum tu_status tu_threat__judge(
	struct tu_threat_answer *answer, const struct tu_threat_texts *texts, struct tu_error *err);

#endif
