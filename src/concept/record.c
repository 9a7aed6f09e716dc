#include "concept/record.h"

#include "base/time.h"

#define ANSWER(member) offsetof(struct tu_concept_answer, member)
#define CONCERN(member) offsetof(struct tu_concept_concern, member)
#define SIGN_OFF(member) offsetof(struct tu_concept_sign_off, member)
#define PACK(member) offsetof(struct tu_concept_pack_record, member)
#define RECORD(member) offsetof(struct tu_concept_record, member)

/* What the fields are read with. */
struct reading {
	const struct tu_concept_source *source;
};

static enum tu_status not_later(
	struct tu_form *form, const struct tu_yaml *node, struct tu_place place, int64_t at)
{
	const struct reading *reading = form->context;
	struct tu_yaml there = *node;

	if (at <= reading->source->now)
		return TU_OK;
	there.line = place.line;
	there.column = place.column;
	return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, &there,
		"a date in the future, expected a past one");
}

static const struct tu_yaml *item_at(const struct tu_yaml *list, size_t index)
{
	const struct tu_yaml *item = list->first;

	while (item && item->index != index)
		item = item->next;
	return item ? item : list;
}

/* ---- packs ---- */

static const struct tu_field pack_fields[] = {
	{"id", TU_FIELD_TEXT, PACK(id), .needed = true},
	{"title", TU_FIELD_TEXT, PACK(title)},
	{"file", TU_FIELD_TEXT, PACK(file)},
	{"digest", TU_FIELD_TEXT, PACK(digest)},
	{"questions", TU_FIELD_NUMBER, PACK(questions), .needed = true, .max = 100000},
	{"licence", TU_FIELD_TEXT, PACK(licence), .needed = true},
};
static const struct tu_fields pack_form = {pack_fields, TU_COUNT(pack_fields)};
static const struct tu_concept_rows packs = {
	"pack", sizeof(struct tu_concept_pack_record), &pack_form, PACK(id), PACK(place)};

static enum tu_status read_packs(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_concept_record *record = target;
	void *items = NULL;
	enum tu_status status = tu_concept__rows(form, node, &packs, &items, &record->pack_count);

	record->packs = items;
	return status;
}

/* ---- discussions ---- */

static const struct tu_field concern_fields[] = {
	{"stakeholder", TU_FIELD_WORD, CONCERN(stakeholder), .needed = true,
		.words = &tu_words_stakeholder},
	{"concern", TU_FIELD_TEXT, CONCERN(concern), .needed = true},
	{"raised", TU_FIELD_DATE, CONCERN(raised), .needed = true},
	{"answer", TU_FIELD_TEXT, CONCERN(answer)},
	{"owner", TU_FIELD_TEXT, CONCERN(owner)},
	{"due", TU_FIELD_DATE, CONCERN(due)},
};
static const struct tu_fields concern_form = {concern_fields, TU_COUNT(concern_fields)};
static const struct tu_concept_rows concerns = {
	"concern", sizeof(struct tu_concept_concern), &concern_form, SIZE_MAX, CONCERN(place)};

static enum tu_status read_concerns(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_concept_record *record = target;
	const struct tu_concept_concern *list;
	void *items = NULL;
	enum tu_status status =
		tu_concept__rows(form, node, &concerns, &items, &record->concern_count);

	list = status ? NULL : items;
	record->concerns = list;
	for (size_t i = 0; i < record->concern_count && !status; i++)
		status = not_later(form, item_at(node, i), list[i].place, list[i].raised);
	return status;
}

bool tu_concept_concern_settled(const struct tu_concept_concern *concern)
{
	return tu_str_trim(concern->answer).len ||
		(tu_str_trim(concern->owner).len && concern->due);
}

static const struct tu_field sign_off_fields[] = {
	{"stakeholder", TU_FIELD_WORD, SIGN_OFF(stakeholder), .needed = true,
		.words = &tu_words_stakeholder},
	{"by", TU_FIELD_TEXT, SIGN_OFF(by), .needed = true},
	{"at", TU_FIELD_DATE, SIGN_OFF(at), .needed = true},
	{"note", TU_FIELD_TEXT, SIGN_OFF(note)},
};
static const struct tu_fields sign_off_form = {sign_off_fields, TU_COUNT(sign_off_fields)};
static const struct tu_concept_rows sign_offs = {
	"sign-off", sizeof(struct tu_concept_sign_off), &sign_off_form, SIZE_MAX, SIGN_OFF(place)};

static bool has_discussion(const struct tu_concept_record *record, enum tu_stakeholder stakeholder)
{
	for (size_t i = 0; i < record->concern_count; i++)
		if (record->concerns[i].stakeholder == stakeholder)
			return true;
	return false;
}

static enum tu_status check_sign_off(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_concept_record *record, size_t index)
{
	const struct tu_concept_sign_off *signed_ = &record->sign_offs[index];
	const char *who = tu_words_name(&tu_words_stakeholder, (int)signed_->stakeholder);
	enum tu_status status = not_later(form, node, signed_->place, signed_->at);

	for (size_t i = 0; i < index && !status; i++)
		if (record->sign_offs[i].stakeholder == signed_->stakeholder)
			status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
				"a second sign-off of %s; the first is in line %u", who,
				record->sign_offs[i].place.line);
	if (status == TU_OK && !has_discussion(record, signed_->stakeholder))
		status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"%s has no discussion that could be signed off", who);
	return status;
}

static enum tu_status read_sign_offs(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_concept_record *record = target;
	void *items = NULL;
	enum tu_status status =
		tu_concept__rows(form, node, &sign_offs, &items, &record->sign_off_count);

	record->sign_offs = items;
	for (size_t i = 0; i < record->sign_off_count && !status; i++)
		status = check_sign_off(form, item_at(node, i), record, i);
	return status;
}

/* ---- answers ---- */

static const struct tu_field answer_fields[] = {
	{"question", TU_FIELD_TEXT, ANSWER(id), .needed = true},
	{"answer", TU_FIELD_WORD, ANSWER(reply), .needed = true, .words = &tu_words_reply},
	{"by", TU_FIELD_TEXT, ANSWER(by), .needed = true},
	{"at", TU_FIELD_DATE, ANSWER(at), .needed = true},
	{"note", TU_FIELD_TEXT, ANSWER(note)},
};
static const struct tu_fields answer_form = {answer_fields, TU_COUNT(answer_fields)};
static const struct tu_concept_rows answers = {
	"answer", sizeof(struct tu_concept_answer), &answer_form, SIZE_MAX, ANSWER(place)};

/* "emb3d/PID-11" of a recorded pack. */
static bool of_pack(const struct tu_concept_record *record, struct tu_str id)
{
	struct tu_str pack;

	if (!tu_str_split(&id, '/', &pack))
		return false;
	for (size_t i = 0; i < record->pack_count; i++)
		if (tu_str_eq(record->packs[i].id, pack))
			return id.len != 0;
	return false;
}

static enum tu_status check_answer(struct tu_form *form, const struct tu_yaml *node,
	struct tu_concept_record *record, struct tu_concept_answer *answer)
{
	const struct reading *reading = form->context;
	const struct tu_concept_catalogue *catalogue = reading->source->catalogue;
	enum tu_status status = not_later(form, node, answer->place, answer->at);

	answer->question = tu_concept_question_by_id(catalogue, answer->id);
	if (status == TU_OK && answer->question == TU_MODEL_NOWHERE && !of_pack(record, answer->id))
		status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"there is no question \"%.*s\"", TU_STR_FMT(tu_str_first(answer->id, 60)));
	for (const struct tu_concept_answer *earlier = record->answers; earlier < answer && !status;
		earlier++)
		if (tu_str_eq(earlier->id, answer->id) && earlier->at > answer->at)
			status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
				"older than the answer in line %u, which it would replace",
				earlier->place.line);
	return status;
}

enum { ANSWERS_MAX = 5000 };

static enum tu_status read_answers(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_concept_record *record = target;
	struct tu_concept_answer *list;
	void *items = NULL;
	enum tu_status status;

	if (node->count > ANSWERS_MAX)
		return tu_yaml_fail(form->err, TU_E_LIMIT, form->file, node, "more than %d answers",
			ANSWERS_MAX);
	status = tu_concept__rows(form, node, &answers, &items, &record->answer_count);
	list = status ? NULL : items;
	record->answers = list;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next)
		status = check_answer(form, item, record, &list[item->index]);
	return status;
}

/* ---- the file ---- */

/* tu_concept__root() has looked at it. */
static enum tu_status read_schema(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	(void)form, (void)node, (void)target;
	return TU_OK;
}

/* What others refer to comes first. */
static const struct tu_field record_fields[] = {
	{"schema", TU_FIELD_OTHER, .read = read_schema},
	{"class", TU_FIELD_WORD, RECORD(device_class), .words = &tu_words_class},
	{"packs", TU_FIELD_OTHER, .read = read_packs},
	{"discussions", TU_FIELD_OTHER, .read = read_concerns},
	{"sign_offs", TU_FIELD_OTHER, .read = read_sign_offs},
	{"answers", TU_FIELD_OTHER, .read = read_answers},
};
static const struct tu_fields record_form = {record_fields, TU_COUNT(record_fields)};

enum tu_status tu_concept_record_read(struct tu_arena *arena,
	const struct tu_concept_source *source, struct tu_concept_record *out_record,
	struct tu_error *err)
{
	struct tu_concept_record record = {0};
	struct reading reading = {.source = source};
	struct tu_form form = {.arena = arena, .err = err, .context = &reading};
	const struct tu_yaml *root;
	enum tu_status status =
		tu_concept__root(&form, &source->text, TU_STR("tutela-concept/1"), &root);

	if (status == TU_OK)
		status = tu_form_read(&form, root, &record_form, &record);
	if (status == TU_OK)
		*out_record = record;
	return status;
}

/* ---- writing ---- */

void tu_concept_record_begin(enum tu_device_class device_class, struct tu_buf *out)
{
	tu_buf_c(out,
		"# The concept phase of this device: docs/formats/concept.md has the format.\n"
		"# \"tutela concept DIR\" asks and adds answers; it changes no line that is here.\n"
		"# Discussions are written here:\n"
		"# discussions:\n"
		"#   - stakeholder: clinician     # patient, hospital-it, service, production,\n"
		"#                                # supplier, regulatory\n"
		"#     concern: What worries them\n"
		"#     raised: 2026-01-31\n"
		"#     answer: What is done about it   # or owner: and due:\n"
		"# sign_offs:\n"
		"#   - {stakeholder: clinician, by: Name, at: 2026-02-28}\n"
		"schema: tutela-concept/1\n");
	if (device_class != TU_CLASS_UNSTATED)
		tu_buf_printf(
			out, "class: %s\n", tu_words_name(&tu_words_class, (int)device_class));
}

static void text(struct tu_buf *out, const char *key, struct tu_str value)
{
	if (!value.len)
		return;
	tu_buf_printf(out, "%s: ", key);
	tu_yaml_write_scalar(value, 4, out);
	tu_buf_byte(out, '\n');
}

static void date(struct tu_buf *out, const char *key, int64_t at)
{
	tu_buf_printf(out, "%s: ", key);
	tu_time_write(at, out);
	tu_buf_byte(out, '\n');
}

void tu_concept_answer_write(const struct tu_concept_answer *answer, struct tu_buf *out)
{
	text(out, "- question", answer->id);
	tu_buf_printf(out, "  answer: %s\n", tu_words_name(&tu_words_reply, (int)answer->reply));
	text(out, "  by", answer->by);
	date(out, "  at", answer->at);
	text(out, "  note", answer->note);
}

void tu_concept_concern_write(const struct tu_concept_concern *concern, struct tu_buf *out)
{
	tu_buf_printf(out, "- stakeholder: %s\n",
		tu_words_name(&tu_words_stakeholder, (int)concern->stakeholder));
	text(out, "  concern", concern->concern);
	date(out, "  raised", concern->raised);
	text(out, "  answer", concern->answer);
	text(out, "  owner", concern->owner);
	if (concern->due)
		date(out, "  due", concern->due);
}

void tu_concept_sign_off_write(const struct tu_concept_sign_off *sign_off, struct tu_buf *out)
{
	tu_buf_printf(out, "- stakeholder: %s\n",
		tu_words_name(&tu_words_stakeholder, (int)sign_off->stakeholder));
	text(out, "  by", sign_off->by);
	date(out, "  at", sign_off->at);
	text(out, "  note", sign_off->note);
}

void tu_concept_pack_record_write(const struct tu_concept_pack_record *pack, struct tu_buf *out)
{
	text(out, "- id", pack->id);
	text(out, "  title", pack->title);
	text(out, "  file", pack->file);
	text(out, "  digest", pack->digest);
	tu_buf_printf(out, "  questions: %u\n", pack->questions);
	text(out, "  licence", pack->licence);
}
