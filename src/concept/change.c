#include "concept/change.h"

#include <stdio.h>

#include "concept/lines.h"

enum { TEXT_MAX_BYTES = 16 << 20 };

struct changing {
	const struct tu_concept_changing *c;
	const struct tu_concept_change *change;
	const struct tu_concept_record *old;
	struct tu_concept_record asked; /* what the change says, read as the file is */
	struct tu_str file, text; /* the file as it is by now */
	bool differs;
};

/* ---- are two the same? ---- */

static bool same_concern(const struct tu_concept_concern *a, const struct tu_concept_concern *b)
{
	return a->stakeholder == b->stakeholder && tu_str_eq(a->concern, b->concern) &&
		a->raised == b->raised && tu_str_eq(a->answer, b->answer) &&
		tu_str_eq(a->owner, b->owner) && a->due == b->due;
}

static bool same_sign_off(const struct tu_concept_sign_off *a, const struct tu_concept_sign_off *b)
{
	return a->stakeholder == b->stakeholder && tu_str_eq(a->by, b->by) && a->at == b->at &&
		tu_str_eq(a->note, b->note);
}

static bool same_answer(const struct tu_concept_answer *a, const struct tu_concept_answer *b)
{
	return tu_str_eq(a->id, b->id) && a->reply == b->reply && tu_str_eq(a->by, b->by) &&
		tu_str_eq(a->note, b->note) && a->at == b->at;
}

/* The next concern of a stakeholder from `*at` on, or NULL. */
static const struct tu_concept_concern *next_of(
	const struct tu_concept_record *record, enum tu_stakeholder who, size_t *at)
{
	while (*at < record->concern_count && record->concerns[*at].stakeholder != who)
		++*at;
	return *at < record->concern_count ? &record->concerns[(*at)++] : NULL;
}

static bool same_discussion(const struct tu_concept_record *a, const struct tu_concept_record *b,
	enum tu_stakeholder who)
{
	const struct tu_concept_concern *x, *y;
	size_t i = 0, j = 0;

	do {
		x = next_of(a, who, &i);
		y = next_of(b, who, &j);
		if (!x != !y || (x && !same_concern(x, y)))
			return false;
	} while (x);
	return true;
}

/* ---- what is asked ---- */

/* Is the answer in force already? */
static bool is_in_force(const struct changing *m, const struct tu_concept_answer *answer)
{
	const struct tu_concept_state *state = m->c->state;
	uint32_t question = tu_concept_question_by_id(state->catalogue, answer->id);
	const struct tu_concept_answer *now =
		question == TU_MODEL_NOWHERE ? NULL : state->standings[question].answer;

	return now && now->reply == answer->reply && tu_str_eq(now->note, answer->note);
}

/* A sign-off of the file that is left as it is. */
static bool is_kept(const struct changing *m, const struct tu_concept_sign_off *sign_off)
{
	for (size_t i = 0; i < m->old->sign_off_count; i++)
		if (same_sign_off(&m->old->sign_offs[i], sign_off))
			return true;
	return false;
}

static const struct tu_concept_pack_record *new_pack(const struct changing *m)
{
	const struct tu_concept_pack_record *pack = m->change->pack;
	struct tu_str id;

	for (size_t i = 0; pack && i < m->change->answer_count; i++) {
		id = m->change->answers[i].id;
		if (tu_str_skip(&id, pack->id) && tu_str_starts(id, TU_STR("/")))
			return pack;
	}
	return NULL;
}

static void write_packs(const struct changing *m, struct tu_buf *out)
{
	if (m->old->pack_count || new_pack(m))
		tu_buf_c(out, "packs:\n");
	for (size_t i = 0; i < m->old->pack_count; i++)
		tu_concept_pack_record_write(&m->old->packs[i], out);
	if (new_pack(m))
		tu_concept_pack_record_write(new_pack(m), out);
}

static void write_concerns(const struct changing *m, struct tu_buf *out)
{
	bool sets = m->change->sets_concerns;
	size_t count = sets ? m->change->concern_count : m->old->concern_count;

	if (count)
		tu_buf_c(out, "discussions:\n");
	for (size_t i = 0; i < count; i++)
		tu_concept_concern_write(
			sets ? &m->change->concerns[i] : &m->old->concerns[i], out);
}

static void write_sign_offs(const struct changing *m, struct tu_buf *out)
{
	bool sets = m->change->sets_sign_offs;
	size_t count = sets ? m->change->sign_off_count : m->old->sign_off_count;
	const struct tu_concept_sign_off *list = sets ? m->change->sign_offs : m->old->sign_offs;
	const struct tu_concept_record now = {
		.concerns = m->change->concerns, .concern_count = m->change->concern_count};
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (m->change->sets_concerns && is_kept(m, &list[i]) &&
			!same_discussion(m->old, &now, list[i].stakeholder))
			continue;
		if (!n++)
			tu_buf_c(out, "sign_offs:\n");
		tu_concept_sign_off_write(&list[i], out);
	}
}

static void write_answers(const struct changing *m, struct tu_buf *out)
{
	if (m->change->answer_count)
		tu_buf_c(out, "answers:\n");
	for (size_t i = 0; i < m->change->answer_count; i++)
		tu_concept_answer_write(&m->change->answers[i], out);
}

/* The file may have answers to a pack that is not read; nobody answers what is not asked here. */
static enum tu_status check_questions(const struct changing *m, struct tu_error *err)
{
	for (size_t i = 0; i < m->asked.answer_count; i++) {
		char pointer[64];
		const struct tu_error_place place = {.pointer = pointer};

		if (m->asked.answers[i].question != TU_MODEL_NOWHERE)
			continue;
		(void)snprintf(pointer, sizeof(pointer), "/answers/%zu/question", i);
		(void)tu_fail_at(err, TU_E_SYNTAX, &place,
			"\"%.*s\" is of a pack that is not here, or not in it",
			TU_STR_FMT(tu_str_first(m->asked.answers[i].id, 60)));
		(void)tu_error_in_file(err, "%s", TU_CONCEPT_CHANGE_FILE);
		return TU_E_SYNTAX;
	}
	return TU_OK;
}

/* The change in the form of the file, read as the file is: the rules are the same. */
static enum tu_status read_asked(struct changing *m, struct tu_error *err)
{
	struct tu_concept_source source = {
		{TU_STR(TU_CONCEPT_CHANGE_FILE), {"", 0}}, m->c->state->catalogue, m->c->now};
	struct tu_buf text;
	enum tu_status status = TU_OK;

	tu_buf_init(&text, TEXT_MAX_BYTES);
	tu_buf_c(&text, "schema: tutela-concept/1\n");
	write_packs(m, &text);
	write_concerns(m, &text);
	write_sign_offs(m, &text);
	write_answers(m, &text);
	if (text.failed || !tu_arena_dup(m->c->arena, tu_buf_str(&text), &source.text.text))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	if (status == TU_OK)
		status = tu_concept_record_read(m->c->arena, &source, &m->asked, err);
	return status ? status : check_questions(m, err);
}

/* ---- the file ---- */

static enum tu_status keep(
	struct changing *m, enum tu_status status, struct tu_buf *made, struct tu_error *err)
{
	if (status == TU_OK && !tu_arena_dup(m->c->arena, tu_buf_str(made), &m->text))
		status = tu_no_memory(err);
	m->differs = m->differs || status == TU_OK;
	tu_buf_done(made);
	return status;
}

static enum tu_status begin(struct changing *m, struct tu_error *err)
{
	enum tu_device_class of = m->change->device_class;
	bool exists = m->c->text.file.len != 0;
	struct tu_buf made;

	m->file = exists ? m->c->text.file : TU_STR("concept.yaml");
	m->text = m->c->text.text;
	if (exists && (of == TU_CLASS_UNSTATED || of == m->old->device_class))
		return TU_OK;
	tu_buf_init(&made, TEXT_MAX_BYTES);
	if (exists) {
		const struct tu_lines lines = {m->c->arena, m->file, m->text};

		return keep(m,
			tu_lines_set_word(&lines, TU_STR("class"),
				tu_str_c(tu_words_name(&tu_words_class, (int)of)), &made, err),
			&made, err);
	}
	tu_concept_record_begin(of, &made);
	if (made.failed || !tu_arena_dup(m->c->arena, tu_buf_str(&made), &m->text)) {
		tu_buf_done(&made);
		return tu_no_memory(err);
	}
	m->differs = of != TU_CLASS_UNSTATED;
	tu_buf_done(&made);
	return TU_OK;
}

static enum tu_status add(struct changing *m, struct tu_str key, size_t count, struct tu_buf *items,
	struct tu_error *err)
{
	const struct tu_lines lines = {m->c->arena, m->file, m->text};
	const struct tu_lines_new added = {key, tu_buf_str(items), count};
	struct tu_buf made;

	if (items->failed)
		return tu_no_memory(err);
	tu_buf_init(&made, TEXT_MAX_BYTES);
	return keep(m, tu_lines_add(&lines, &added, &made, err), &made, err);
}

static enum tu_status add_pack(struct changing *m, struct tu_error *err)
{
	struct tu_buf items;
	enum tu_status status;

	if (!new_pack(m))
		return TU_OK;
	tu_buf_init(&items, TEXT_MAX_BYTES);
	tu_concept_pack_record_write(new_pack(m), &items);
	status = add(m, TU_STR("packs"), 1, &items, err);
	tu_buf_done(&items);
	return status;
}

static enum tu_status add_answers(struct changing *m, struct tu_error *err)
{
	struct tu_buf items;
	size_t count = 0;
	enum tu_status status = TU_OK;

	tu_buf_init(&items, TEXT_MAX_BYTES);
	for (size_t i = 0; i < m->asked.answer_count; i++)
		if (!is_in_force(m, &m->asked.answers[i])) {
			tu_concept_answer_write(&m->asked.answers[i], &items);
			count++;
		}
	if (count)
		status = add(m, TU_STR("answers"), count, &items, err);
	tu_buf_done(&items);
	return status;
}

/* A list of the file as it is to be: its rows, old and new. */
struct rows {
	struct tu_str key;
	size_t count, old_count;
	bool (*same)(const struct changing *m, size_t old, size_t now);
	void (*write)(const struct changing *m, size_t now, struct tu_buf *out);
};

static bool concern_is(const struct changing *m, size_t old, size_t now)
{
	return same_concern(&m->old->concerns[old], &m->asked.concerns[now]);
}

static void concern_lines(const struct changing *m, size_t now, struct tu_buf *out)
{
	tu_concept_concern_write(&m->asked.concerns[now], out);
}

static bool sign_off_is(const struct changing *m, size_t old, size_t now)
{
	return same_sign_off(&m->old->sign_offs[old], &m->asked.sign_offs[now]);
}

static void sign_off_lines(const struct changing *m, size_t now, struct tu_buf *out)
{
	tu_concept_sign_off_write(&m->asked.sign_offs[now], out);
}

static enum tu_status make_item(const struct changing *m, const struct rows *rows, bool *taken,
	size_t now, struct tu_lines_item *out)
{
	struct tu_buf text;
	bool fine;

	for (size_t i = 0; i < rows->old_count; i++)
		if (!taken[i] && rows->same(m, i, now)) {
			taken[i] = true;
			*out = (struct tu_lines_item){{"", 0}, i};
			return TU_OK;
		}
	tu_buf_init(&text, TEXT_MAX_BYTES);
	rows->write(m, now, &text);
	fine = !text.failed && tu_arena_dup(m->c->arena, tu_buf_str(&text), &out->text);
	tu_buf_done(&text);
	return fine ? TU_OK : TU_E_NOMEM;
}

static bool is_as_it_was(const struct changing *m, const struct rows *rows)
{
	bool same = rows->count == rows->old_count;

	for (size_t i = 0; same && i < rows->count; i++)
		same = rows->same(m, i, i);
	return same;
}

static enum tu_status set_rows(struct changing *m, const struct rows *rows, struct tu_error *err)
{
	const struct tu_lines lines = {m->c->arena, m->file, m->text};
	struct tu_lines_item *items = tu_arena_array(m->c->arena, rows->count, sizeof(*items));
	bool *taken = tu_arena_array(m->c->arena, rows->old_count, sizeof(*taken));
	const struct tu_lines_list list = {rows->key, items, rows->count};
	struct tu_buf made;

	if (!items || !taken)
		return tu_no_memory(err);
	if (is_as_it_was(m, rows))
		return TU_OK;
	for (size_t i = 0; i < rows->count; i++)
		if (make_item(m, rows, taken, i, &items[i]) != TU_OK)
			return tu_no_memory(err);
	tu_buf_init(&made, TEXT_MAX_BYTES);
	return keep(m, tu_lines_set(&lines, &list, &made, err), &made, err);
}

/* It is read again, and says what was asked. */
static enum tu_status check(const struct changing *m, struct tu_error *err)
{
	const struct tu_concept_source source = {
		{m->file, m->text}, m->c->state->catalogue, m->c->now};
	struct tu_concept_record record = {0};
	enum tu_status status = tu_concept_record_read(m->c->arena, &source, &record, err);
	bool fine = record.concern_count == m->asked.concern_count &&
		record.sign_off_count == m->asked.sign_off_count;
	size_t n = record.answer_count;

	for (size_t i = 0; status == TU_OK && fine && i < record.concern_count; i++)
		fine = same_concern(&record.concerns[i], &m->asked.concerns[i]);
	for (size_t i = 0; status == TU_OK && fine && i < record.sign_off_count; i++)
		fine = same_sign_off(&record.sign_offs[i], &m->asked.sign_offs[i]);
	for (size_t i = m->asked.answer_count; status == TU_OK && fine && i > 0; i--)
		if (!is_in_force(m, &m->asked.answers[i - 1]))
			fine = n && same_answer(&record.answers[--n], &m->asked.answers[i - 1]);
	if (status == TU_OK && !fine)
		status = tu_fail(err, TU_E_UNSUPPORTED, 0,
			"it cannot be written as concept.yaml without a loss");
	return status;
}

enum tu_status tu_concept_change(const struct tu_concept_changing *changing,
	const struct tu_concept_change *change, struct tu_str *out_text, struct tu_error *err)
{
	struct changing m = {.c = changing, .change = change, .old = changing->state->record};
	enum tu_status status = read_asked(&m, err);
	const struct rows concerns = {TU_STR("discussions"), m.asked.concern_count,
		m.old->concern_count, concern_is, concern_lines};
	const struct rows sign_offs = {TU_STR("sign_offs"), m.asked.sign_off_count,
		m.old->sign_off_count, sign_off_is, sign_off_lines};

	*out_text = (struct tu_str){"", 0};
	if (status == TU_OK)
		status = begin(&m, err);
	if (status == TU_OK)
		status = add_pack(&m, err);
	if (status == TU_OK)
		status = set_rows(&m, &concerns, err);
	if (status == TU_OK)
		status = set_rows(&m, &sign_offs, err);
	if (status == TU_OK)
		status = add_answers(&m, err);
	if (status == TU_OK && m.differs)
		status = check(&m, err);
	if (status == TU_OK && m.differs)
		*out_text = m.text;
	return status;
}
