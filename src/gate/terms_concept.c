#include "gate/terms_concept.h"

static const struct tu_concept_standing *standing_of(const struct tu_gate_item *item)
{
	return item->point_kind == TU_GATE_POINT_QUESTION ? &item->concept->standings[item->point]
							  : NULL;
}

bool tu_gate_point_is_question(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->point_kind == TU_GATE_POINT_QUESTION;
}

bool tu_gate_point_is_stakeholder(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->point_kind == TU_GATE_POINT_STAKEHOLDER;
}

bool tu_gate_point_is_unknown(const struct tu_gate_item *item, uint32_t value)
{
	const struct tu_concept_standing *standing = standing_of(item);

	(void)value;
	return standing && standing->reply == TU_REPLY_UNKNOWN;
}

bool tu_gate_point_is_contradicted(const struct tu_gate_item *item, uint32_t value)
{
	const struct tu_concept_standing *standing = standing_of(item);

	(void)value;
	return standing && standing->contradicted;
}

bool tu_gate_point_is_open(const struct tu_gate_item *item, uint32_t value)
{
	const struct tu_concept_standing *standing = standing_of(item);

	if (standing)
		return standing->reply == TU_REPLY_NONE || standing->contradicted ||
			tu_gate_point_is_unknown(item, value);
	return item->point_kind == TU_GATE_POINT_PACK ||
		tu_concept_hearing_open(&item->concept->hearings[item->point]);
}

/* ---- points ---- */

static size_t count_of(const struct tu_concept_state *state, enum tu_gate_point_kind kind)
{
	const size_t counts[] = {[TU_GATE_POINT_NONE] = 0,
		[TU_GATE_POINT_QUESTION] = state->catalogue->question_count,
		[TU_GATE_POINT_STAKEHOLDER] = TU_STAKEHOLDER_COUNT_,
		[TU_GATE_POINT_PACK] = state->record->pack_count};

	return counts[kind];
}

/* Is it a point at all: a question that is asked or answered, a pack that is not read? */
static bool is_point(const struct tu_gate_item *item)
{
	const struct tu_concept_state *state = item->concept;
	const struct tu_concept_standing *standing = standing_of(item);

	if (standing)
		return standing->asked || standing->reply != TU_REPLY_NONE;
	return item->point_kind != TU_GATE_POINT_PACK ||
		!tu_str_eq(state->record->packs[item->point].id, state->catalogue->pack);
}

bool tu_gate_point_next(struct tu_gate_item *item)
{
	do {
		if (item->point_kind == TU_GATE_POINT_NONE ||
			++item->point >= count_of(item->concept, item->point_kind)) {
			if (item->point_kind == TU_GATE_POINT_PACK)
				return false;
			item->point_kind = (enum tu_gate_point_kind)(item->point_kind + 1);
			item->point = 0;
		}
	} while (item->point >= count_of(item->concept, item->point_kind) || !is_point(item));
	return true;
}

void tu_gate_point_describe(const struct tu_gate_item *item, struct tu_buf *out)
{
	const struct tu_concept_state *state = item->concept;

	switch (item->point_kind) {
	case TU_GATE_POINT_QUESTION:
		tu_buf_printf(out, "question %.*s",
			TU_STR_FMT(state->catalogue->questions[item->point].id));
		break;
	case TU_GATE_POINT_STAKEHOLDER:
		tu_buf_printf(out, "stakeholder %s",
			tu_words_name(&tu_words_stakeholder, (int)item->point));
		break;
	case TU_GATE_POINT_PACK:
		tu_buf_printf(out, "pack %.*s, which is not read",
			TU_STR_FMT(state->record->packs[item->point].id));
		break;
	case TU_GATE_POINT_NONE:
		break;
	}
}
