#include <tutela/bod2604.h>
#include <tutela/ssvc.h>

/* Places of the facts' values in the table: 1 is no or partial, 2 is yes or total. */
static enum tu_bod_band look_up(const uint8_t values[TU_BOD_FACTS])
{
	const struct tu_ssvc_table *table = tu_ssvc_table_by_id(TU_STR("cisa-bod-26-04"));
	const struct tu_ssvc_value *outcome = NULL;
	struct tu_ssvc_choice choice = {{0}};

	for (size_t i = 0; i < TU_BOD_FACTS; i++)
		choice.values[i] = values[i];
	/* every fact has a value: the table has an outcome for each */
	if (!table || tu_ssvc_decide(table, &choice, &outcome, NULL) != TU_OK)
		return TU_BOD_3_FORENSIC;
	return (enum tu_bod_band)(outcome - table->outcome->values);
}

struct tu_bod_answer tu_bod_decide(const struct tu_bod_facts *facts)
{
	struct tu_bod_answer answer = {.asked = true, .band = TU_BOD_UPGRADE};
	enum tu_bod_band least = TU_BOD_3_FORENSIC;

	for (unsigned i = 0; i < TU_BOD_FACTS; i++)
		if (facts->of[i] == TU_BOD_UNDECIDED)
			answer.undecided |= (uint8_t)(1u << i);
	for (unsigned combination = 0; combination < 1u << TU_BOD_FACTS; combination++) {
		uint8_t values[TU_BOD_FACTS];
		bool possible = true;
		enum tu_bod_band band;

		for (unsigned i = 0; i < TU_BOD_FACTS; i++) {
			bool yes = (combination >> i & 1) != 0;

			values[i] = yes ? 2 : 1;
			possible &= facts->of[i] == TU_BOD_UNDECIDED ||
				(facts->of[i] == TU_BOD_YES) == yes;
		}
		if (!possible)
			continue;
		band = look_up(values);
		answer.band = band > answer.band ? band : answer.band;
		least = band < least ? band : least;
	}
	answer.rests = least < answer.band;
	return answer;
}

static const struct {
	const char *name;
	uint32_t days;
} bands[] = {
	[TU_BOD_UPGRADE] = {"with the next upgrade", 0},
	[TU_BOD_60] = {"60 days", 60},
	[TU_BOD_14] = {"14 days", 14},
	[TU_BOD_3] = {"3 days", 3},
	[TU_BOD_3_FORENSIC] = {"3 days and forensic triage", 3},
};

uint32_t tu_bod_days(enum tu_bod_band band)
{
	return bands[band].days;
}

const char *tu_bod_band_name(enum tu_bod_band band)
{
	return bands[band].name;
}

const char *tu_bod_fact_name(enum tu_bod_fact fact)
{
	static const char *const names[] = {[TU_BOD_IN_KEV] = "in CISA's KEV",
		[TU_BOD_EXPOSED] = "exposed to the internet",
		[TU_BOD_AUTOMATABLE] = "automatable",
		[TU_BOD_TOTAL] = "total technical impact"};

	return names[fact];
}

void tu_bod_undecided(const struct tu_bod_answer *answer, struct tu_buf *out)
{
	const char *before = "";

	for (unsigned i = 0; i < TU_BOD_FACTS; i++)
		if (answer->undecided >> i & 1) {
			tu_buf_printf(out, "%s%s", before, tu_bod_fact_name((enum tu_bod_fact)i));
			before = ", ";
		}
}
