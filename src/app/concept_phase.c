#include "app/concept_phase.h"

#include <tutela/threat_rule.h>

enum tu_status tu_concept_phase_open(struct tu_arena *arena, const struct tu_concept_pack *pack,
	struct tu_concept_phase *out, struct tu_error *err)
{
	const struct tu_concept_texts texts = tu_concept_built_in();
	enum tu_status status;

	*out = (struct tu_concept_phase){0};
	if (pack)
		out->pack = *pack;
	status = tu_concept_catalogue_read(arena, &texts, &out->catalogue, err);
	if (status == TU_OK && out->pack.count)
		status = tu_concept_catalogue_extend(arena, &out->catalogue, &out->pack, err);
	return status ? status : tu_threat_pack_builtin(arena, &out->rules, err);
}

static void look_at_packs(struct tu_concept_phase *phase)
{
	const struct tu_concept_pack_record *ours = &phase->pack.record;

	phase->pack_recorded = phase->pack_differs = false;
	for (size_t i = 0; i < phase->record.pack_count; i++) {
		const struct tu_concept_pack_record *theirs = &phase->record.packs[i];

		if (!phase->pack.count || !tu_str_eq(theirs->id, ours->id))
			continue;
		phase->pack_recorded = tu_str_eq(theirs->digest, ours->digest);
		phase->pack_differs = !phase->pack_recorded;
	}
}

enum tu_status tu_concept_phase_read(struct tu_arena *arena, struct tu_concept_phase *phase,
	const struct tu_concept_text *text, int64_t now, struct tu_error *err)
{
	const struct tu_concept_source source = {*text, &phase->catalogue, now};
	struct tu_concept_record record = {0};
	enum tu_status status = TU_OK;

	if (text->file.len)
		status = tu_concept_record_read(arena, &source, &record, err);
	if (status != TU_OK)
		return status;
	phase->record = record;
	look_at_packs(phase);
	return tu_concept_state_make(arena, &phase->catalogue, &phase->record, &phase->state, err);
}

struct tu_str tu_concept_rule_title(const struct tu_concept_phase *phase, struct tu_str id)
{
	for (size_t i = 0; i < phase->rules->rule_count; i++)
		if (tu_str_eq(phase->rules->rules[i].id, id))
			return phase->rules->rules[i].title;
	return TU_STR("");
}
