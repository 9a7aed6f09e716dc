#include "portfolio/concept.h"

#include "app/concept_pack.h"
#include "portfolio/actor.h"
#include "threat/write/write.h"

enum { MEMORY_MAX = 256 << 20, TEXT_MAX_BYTES = 32 << 20, NO_FILE = 1 };

/* ---- what the store has ---- */

struct opening {
	const struct tu_design_asked *asked;
	struct tu_concept_stored *out;
};

static enum tu_status take_text(struct tu_work *w, const struct tu_concept_stored *out,
	const struct tu_device_file *file, struct tu_concept_text *text, struct tu_error *err)
{
	text->file = file->path;
	return tu_design__read_text(w, &out->design, file->document_id, &text->text, err);
}

static enum tu_status take_texts(
	struct tu_work *w, struct tu_concept_stored *out, struct tu_error *err)
{
	const struct tu_device_files *files = &out->design.files;
	struct tu_concept_text *questions =
		tu_arena_array(out->design.arena, files->count, sizeof(*questions));
	enum tu_status status = questions ? TU_OK : tu_no_memory(err);

	for (size_t i = 0; status == TU_OK && i < files->count; i++) {
		const struct tu_device_file *file = &files->at[i];

		switch (tu_design_part_of(file->path)) {
		case TU_DESIGN_CONCEPT:
			out->version = tu_device_file_version(file->digest);
			status = take_text(w, out, file, &out->text, err);
			break;
		case TU_DESIGN_QUESTIONS:
			status = take_text(w, out, file, &questions[out->question_count++], err);
			break;
		case TU_DESIGN_NONE:
		case TU_DESIGN_MODEL:
		case TU_DESIGN_DECISIONS:
		case TU_DESIGN_POSITIONS:
		case TU_DESIGN_RULES:
			break;
		}
	}
	out->questions = questions;
	return status;
}

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct opening *o = self;
	enum tu_status status = tu_design__read(w, o->asked, &o->out->design, err);

	return status ? status : take_texts(w, o->out, err);
}

static enum tu_status read_phase(struct tu_concept_stored *out, int64_t at, struct tu_error *err)
{
	struct tu_arena *arena = out->design.arena;
	struct tu_concept_pack pack;
	enum tu_status status =
		tu_concept_pack_of(arena, out->questions, out->question_count, &pack, err);

	if (status == TU_OK)
		status = tu_concept_phase_open(arena, &pack, &out->phase, err);
	return status ? status : tu_concept_phase_read(arena, &out->phase, &out->text, at, err);
}

enum tu_status tu_concept_open(const struct tu_design_asked *asked, struct tu_arena *arena,
	int64_t at, struct tu_concept_stored *out, struct tu_error *err)
{
	const struct tu_act act = {0};
	struct opening o = {asked, out};
	enum tu_status status;

	*out = (struct tu_concept_stored){.design = {.arena = arena}, .version = NO_FILE};
	status = tu_work_read(asked->store, &act, read_all, &o, err);
	if (status == TU_OK)
		status = tu_design__read_device(&out->design, err);
	return status ? status : read_phase(out, at, err);
}

/* ---- saving ---- */

struct writing {
	const struct tu_concept_save *save;
	struct tu_concept_stored stored;
	struct tu_str by; /* name of who asks */
	struct tu_str text;
};

/* The change with what was left out: who, and when. */
static enum tu_status complete(
	struct writing *writing, int64_t now, struct tu_concept_change *out, struct tu_error *err)
{
	struct tu_arena *arena = writing->stored.design.arena;
	const struct tu_concept_change *from = &writing->save->change;
	struct tu_concept_answer *answers =
		tu_arena_array(arena, from->answer_count, sizeof(*answers));
	struct tu_concept_concern *concerns =
		tu_arena_array(arena, from->concern_count, sizeof(*concerns));
	struct tu_concept_sign_off *sign_offs =
		tu_arena_array(arena, from->sign_off_count, sizeof(*sign_offs));

	if (!answers || !concerns || !sign_offs)
		return tu_no_memory(err);
	for (size_t i = 0; i < from->answer_count; i++) {
		answers[i] = from->answers[i];
		answers[i].by = writing->by;
		answers[i].at = now;
	}
	for (size_t i = 0; i < from->concern_count; i++) {
		concerns[i] = from->concerns[i];
		concerns[i].raised = concerns[i].raised ? concerns[i].raised : now;
	}
	for (size_t i = 0; i < from->sign_off_count; i++) {
		sign_offs[i] = from->sign_offs[i];
		sign_offs[i].at = sign_offs[i].at ? sign_offs[i].at : now;
		if (!sign_offs[i].by.len)
			sign_offs[i].by = writing->by;
	}
	*out = *from;
	out->answers = answers;
	out->concerns = concerns;
	out->sign_offs = sign_offs;
	out->pack = writing->stored.phase.pack.count && !writing->stored.phase.pack_recorded &&
			!writing->stored.phase.pack_differs
		? &writing->stored.phase.pack.record
		: NULL;
	return TU_OK;
}

static enum tu_status compose(struct writing *writing, int64_t now, struct tu_error *err)
{
	const struct tu_concept_stored *stored = &writing->stored;
	const struct tu_concept_changing changing = {
		stored->design.arena, &stored->phase.state, stored->text, now};
	struct tu_concept_change change;
	enum tu_status status = complete(writing, now, &change, err);

	return status ? status : tu_concept_change(&changing, &change, &writing->text, err);
}

static enum tu_status refuse_older(struct tu_error *err)
{
	return tu_fail(err, TU_E_CONFLICT, 0, "the concept changed since you read it");
}

/* Nothing that the text was made from has changed since. */
static enum tu_status put(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct writing *writing = self;
	const struct tu_device_file_put file = {
		.path = TU_STR("concept.yaml"), .text = writing->text, .design = true};
	struct tu_device_files files = {0};
	struct tu_device_row row;
	int64_t design, version = NO_FILE;
	enum tu_status status = tu_design__hold(w, &writing->save->asked, &row, &design, err);

	if (status == TU_OK)
		status = tu_device_file_list(w, row.id, &files, err);
	for (size_t i = 0; status == TU_OK && i < files.count; i++)
		if (tu_design_part_of(files.at[i].path) == TU_DESIGN_CONCEPT)
			version = tu_device_file_version(files.at[i].digest);
	if (status == TU_OK && version != writing->stored.version)
		return refuse_older(err);
	return status ? status : tu_device_file_put(w, &row, &file, NULL, err);
}

static enum tu_status write(const struct tu_act *act, struct writing *writing, struct tu_error *err)
{
	struct tu_store *store = writing->save->asked.store;
	struct tu_packed_documents packed = {0};
	const struct tu_packing packing = {store, act, &writing->text, 1};
	struct tu_act by = *act;
	enum tu_status status;

	if (!writing->text.len)
		return TU_OK;
	status = tu_documents_pack(&packing, writing->stored.design.arena, &packed, err);
	by.packed = &packed;
	return status ? status : tu_work_run(store, &by, put, writing, err);
}

enum tu_status tu_concept_save(
	const struct tu_act *act, const struct tu_concept_save *save, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(MEMORY_MAX);
	int64_t now = act->at / 1000000;
	struct writing writing = {.save = save};
	enum tu_status status = arena
		? tu_concept_open(&save->asked, arena, now, &writing.stored, err)
		: tu_no_memory(err);

	if (status == TU_OK && save->based_on && save->based_on != writing.stored.version)
		status = refuse_older(err);
	if (status == TU_OK)
		status = tu_actor_called(save->asked.store, act, arena, &writing.by, err);
	if (status == TU_OK)
		status = compose(&writing, now, err);
	if (status == TU_OK)
		status = write(act, &writing, err);
	tu_arena_free(arena);
	return status;
}

/* ---- what the answers seed ---- */

/* The stored model as the core writes it: its lists can grow by lines, whatever its form. */
static enum tu_status model_text(
	const struct tu_concept_stored *stored, struct tu_str *out, struct tu_error *err)
{
	const struct tu_design *design = &stored->design;
	const struct tu_threat_text *text = &design->texts.model;
	const struct tu_model_source source = {text->file, text->text, design->device};
	struct tu_model_export export = {
		.arena = design->arena, .form = TU_MODEL_FORM_NATIVE, .device = design->device};
	const struct tu_model *model;
	struct tu_buf written;
	enum tu_status status;

	*out = (struct tu_str){"", 0};
	if (!text->file.len)
		return TU_OK;
	status = tu_model_read(design->arena, &source, &model, NULL, err);
	if (status != TU_OK)
		return status;
	tu_buf_init(&written, TEXT_MAX_BYTES);
	status = tu_model_write(model, &export, &written, err);
	if (status == TU_OK && !tu_arena_dup(design->arena, tu_buf_str(&written), out))
		status = tu_no_memory(err);
	tu_buf_done(&written);
	return status;
}

static enum tu_status grow(const struct tu_concept_seeding *seeding,
	const struct tu_concept_stored *stored, struct tu_concept_proposal *out,
	struct tu_error *err)
{
	struct tu_model_source source = {TU_STR("model.yaml"), {"", 0}, stored->design.device};
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, TEXT_MAX_BYTES);
	status = tu_concept_seed_model(seeding, &text, &out->seeded, err);
	if (status == TU_OK && text.len &&
		!tu_arena_dup(seeding->arena, tu_buf_str(&text), &source.text))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	if (status != TU_OK || !source.text.len)
		return status; /* nothing to add */
	return tu_model_read(seeding->arena, &source, &out->model, NULL, err);
}

static enum tu_status tell(const struct tu_concept_seeding *seeding,
	struct tu_concept_proposal *out, struct tu_error *err)
{
	struct tu_buf facts, unknown, device;
	enum tu_status status;

	tu_buf_init(&facts, TEXT_MAX_BYTES);
	tu_buf_init(&unknown, TEXT_MAX_BYTES);
	tu_buf_init(&device, TEXT_MAX_BYTES);
	status = tu_concept_seed_facts(seeding, &facts, err);
	tu_concept_seed_unknown(seeding, &unknown);
	tu_concept_seed_device(seeding, &device);
	if (status == TU_OK &&
		(facts.failed || unknown.failed || device.failed ||
			!tu_arena_dup(seeding->arena, tu_buf_str(&facts), &out->facts) ||
			!tu_arena_dup(seeding->arena, tu_buf_str(&unknown), &out->unknown) ||
			!tu_arena_dup(seeding->arena, tu_buf_str(&device), &out->device)))
		status = tu_no_memory(err);
	tu_buf_done(&facts);
	tu_buf_done(&unknown);
	tu_buf_done(&device);
	return status;
}

enum tu_status tu_concept_propose(const struct tu_concept_stored *stored,
	struct tu_concept_proposal *out, struct tu_error *err)
{
	struct tu_concept_seeding seeding = {.arena = stored->design.arena,
		.state = &stored->phase.state,
		.device = stored->design.device,
		.model_file = TU_STR("model.yaml")};
	enum tu_status status;

	*out = (struct tu_concept_proposal){0};
	status = model_text(stored, &seeding.model, err);
	if (status == TU_OK)
		status = grow(&seeding, stored, out, err);
	if (status != TU_OK)
		return status;
	/* lines that are named are those of the text that people know */
	seeding.model = stored->design.texts.model.text;
	if (stored->design.texts.model.file.len)
		seeding.model_file = stored->design.texts.model.file;
	return tell(&seeding, out, err);
}
