/* Saving a model, and deciding on threats. */
#include "app/positions.h"
#include "portfolio/actor.h"
#include "portfolio/design.h"
#include "threat/write/dispositions.h"
#include "threat/write/write.h"

enum { MEMORY_MAX = 512 << 20, TEXT_MAX_BYTES = 32 << 20, DAY = 86400 };

/* ---- in the transaction ---- */

/* Nothing that the texts were made from has changed since. */
struct writing {
	const struct tu_design_asked *asked;
	const struct tu_design *design;
	struct tu_device_file_put puts[2];
	size_t count;
	struct tu_str approve; /* key of a threat; empty: none */
	bool take_back;
	uint8_t digest[TU_SHA256_BYTES];
};

static enum tu_status approve(
	struct tu_work *w, const struct writing *writing, struct tu_error *err)
{
	const struct tu_value device = tu_int(writing->design->row.id);

	if (!writing->approve.len)
		return TU_OK;
	if (writing->take_back)
		return tu_work_exec(w, TU_SQL_THREAT_APPROVAL_REMOVE,
			TU_BIND(device, tu_text(writing->approve)), err);
	return tu_work_exec(w, TU_SQL_THREAT_APPROVAL_PUT,
		TU_BIND(device, tu_text(writing->approve),
			tu_blob(tu_str_of((const char *)writing->digest, TU_SHA256_BYTES))),
		err);
}

static enum tu_status put_all(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct writing *writing = self;
	const struct tu_design *design = writing->design;
	struct tu_device_row row;
	int64_t version;
	enum tu_status status = tu_design__hold(w, writing->asked, &row, &version, err);

	if (status == TU_OK && version != design->version)
		status = tu_fail(err, TU_E_CONFLICT, 0, "the design changed since you read it");
	for (size_t i = 0; status == TU_OK && i < writing->count; i++)
		status = tu_device_file_put(w, &row, &writing->puts[i], NULL, err);
	return status ? status : approve(w, writing, err);
}

/* Texts are packed before anybody waits for this writer. */
static enum tu_status write_all(
	const struct tu_act *act, struct writing *writing, struct tu_error *err)
{
	struct tu_packed_documents packed = {0};
	struct tu_str texts[TU_COUNT(writing->puts)];
	const struct tu_packing packing = {writing->asked->store, act, texts, writing->count};
	struct tu_act by = *act;
	enum tu_status status;

	if (!writing->count)
		return TU_OK;
	for (size_t i = 0; i < writing->count; i++)
		texts[i] = writing->puts[i].text;
	status = tu_documents_pack(&packing, writing->design->arena, &packed, err);
	by.packed = &packed;
	return status ? status : tu_work_run(writing->asked->store, &by, put_all, writing, err);
}

static enum tu_status check_version(
	const struct tu_design *design, int64_t based_on, struct tu_error *err)
{
	if (!based_on || based_on == design->version)
		return TU_OK;
	return tu_fail(err, TU_E_CONFLICT, 0, "the design changed since you read it");
}

/* ---- saving ---- */

static enum tu_status members_of(const struct tu_design *design, const struct tu_model *model,
	struct tu_str *out, struct tu_error *err)
{
	struct tu_model_export export = {.arena = design->arena, .device = design->device};
	struct tu_json_writer json;
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, 2 * (size_t)TEXT_MAX_BYTES);
	json = tu_json_writer(&text, false);
	status = tu_model_write_members(model, &export, &json, err);
	if (status == TU_OK && !tu_arena_dup(design->arena, tu_buf_str(&text), out))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	return status;
}

static enum tu_status read_model(const struct tu_design *design, struct tu_threat_text text,
	const struct tu_model **out, struct tu_error *err)
{
	const struct tu_model_source source = {text.file, text.text, design->device};

	return tu_model_read(design->arena, &source, out, NULL, err);
}

/* Does the store have this model already? What cannot be read any more is another one. */
static bool is_stored(const struct tu_design *design, struct tu_str members)
{
	const struct tu_model *model;
	struct tu_str stored;

	return design->texts.model.file.len &&
		read_model(design, design->texts.model, &model, NULL) == TU_OK &&
		members_of(design, model, &stored, NULL) == TU_OK && tu_str_eq(stored, members);
}

/* What was written is read again: it must be the same model, or it is not written. */
static enum tu_status write_model(const struct tu_design *design, const struct tu_model *model,
	struct tu_str members, struct tu_str *out, struct tu_error *err)
{
	struct tu_model_export export = {
		.arena = design->arena, .form = TU_MODEL_FORM_NATIVE, .device = design->device};
	const struct tu_model *again;
	struct tu_str same;
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, TEXT_MAX_BYTES);
	status = tu_model_write(model, &export, &text, err);
	if (status == TU_OK && !tu_arena_dup(design->arena, tu_buf_str(&text), out))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	if (status == TU_OK)
		status = read_model(
			design, (struct tu_threat_text){TU_STR("model.yaml"), *out}, &again, err);
	if (status == TU_OK)
		status = members_of(design, again, &same, err);
	if (status == TU_OK && !tu_str_eq(same, members))
		status = tu_fail(err, TU_E_UNSUPPORTED, 0,
			"it cannot be written as model.yaml without a loss");
	return status;
}

static enum tu_status add_model(const struct tu_design *design, struct tu_str text,
	struct writing *writing, struct tu_error *err)
{
	const struct tu_model *model;
	struct tu_str members, yaml = {0};
	enum tu_status status =
		read_model(design, (struct tu_threat_text){TU_STR("model"), text}, &model, err);

	if (status == TU_OK && !tu_str_eq(model->form, TU_STR("model.yaml")))
		status = tu_fail(err, TU_E_UNSUPPORTED, 0,
			"expected the members of model.yaml, not those of another form");
	if (status == TU_OK)
		status = members_of(design, model, &members, err);
	if (status != TU_OK || is_stored(design, members))
		return status;
	status = write_model(design, model, members, &yaml, err);
	/* model.yaml counts before a model.json, which cannot hold it */
	writing->puts[writing->count++] = (struct tu_device_file_put){
		.path = tu_str_eq(design->texts.model.file, TU_STR("model.yml"))
			? design->texts.model.file
			: TU_STR("model.yaml"),
		.text = yaml,
		.design = true};
	return status;
}

static enum tu_status add_positions(const struct tu_design *design, struct tu_json positions,
	struct writing *writing, struct tu_error *err)
{
	struct tu_str copy = {0};
	struct tu_buf text;
	enum tu_status status;

	if (!positions.doc)
		return TU_OK;
	tu_buf_init(&text, TEXT_MAX_BYTES);
	status = tu_positions_write(positions, &text, err);
	if (status == TU_OK && !tu_arena_dup(design->arena, tu_buf_str(&text), &copy))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	if (status != TU_OK || tu_str_eq(copy, design->positions))
		return status;
	writing->puts[writing->count++] = (struct tu_device_file_put){
		.path = TU_STR("positions.json"), .text = copy, .design = true};
	return TU_OK;
}

enum tu_status tu_design_save(
	const struct tu_act *act, const struct tu_design_save *save, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(MEMORY_MAX);
	struct tu_design design;
	struct writing writing = {.asked = &save->asked, .design = &design};
	enum tu_status status =
		arena ? tu_design_open(&save->asked, arena, &design, err) : tu_no_memory(err);

	if (status == TU_OK)
		status = check_version(&design, save->based_on, err);
	if (status == TU_OK)
		status = add_model(&design, save->model, &writing, err);
	if (status == TU_OK)
		status = add_positions(&design, save->positions, &writing, err);
	if (status == TU_OK)
		status = write_all(act, &writing, err);
	tu_arena_free(arena);
	return status;
}

/* ---- deciding ---- */

struct deciding {
	const struct tu_act *act;
	const struct tu_design_decision *ask;
	struct tu_design design;
	struct tu_threat_answer answer;
	struct tu_str by;
};

static const struct tu_threat *threat_of(const struct tu_threat_answer *answer, struct tu_str key)
{
	for (size_t i = 0; i < answer->threats.count; i++)
		if (tu_str_eq(answer->threats.at[i].key, key))
			return &answer->threats.at[i];
	return NULL;
}

static enum tu_status check_threat(
	const struct deciding *d, const struct tu_threat *threat, struct tu_error *err)
{
	if (!threat)
		return tu_design_unknown(err, "threat");
	if (threat->derived == TU_THREAT_OPEN || threat->derived == TU_THREAT_UNPROVEN)
		return TU_OK;
	return tu_fail(err, TU_E_CONSTRAINT, 0,
		threat->derived == TU_THREAT_UNKNOWN
			? "%.*s is a question: what is asked has to be stated before anybody can "
			  "decide on it"
			: "%.*s is %s: there is nothing to decide",
		TU_STR_FMT(d->ask->key), tu_threat_outcome_name(threat->derived));
}

static enum tu_status compose(struct deciding *d, struct tu_disposition *out, struct tu_error *err)
{
	const struct tu_design_decision *ask = d->ask;
	const struct tu_threat_input input = tu_threat_answer_input(&d->answer);
	const struct tu_threat *threat = threat_of(&d->answer, ask->key);
	int64_t now = d->act->at / 1000000;
	enum tu_status status = check_threat(d, threat, err);

	if (status != TU_OK)
		return status;
	*out = (struct tu_disposition){.key = ask->key,
		.outcome = ask->outcome,
		.by = d->by,
		.reason = ask->reason,
		.labelling = ask->labelling,
		.at = now - now % DAY,
		.until = ask->until};
	return tu_disposition_take_facts(d->design.arena, &input, threat, out, err);
}

/* The decisions with the new one in place of the one about the same threat, or without it. */
static enum tu_status list_with(struct deciding *d, const struct tu_disposition *decision,
	struct tu_dispositions *out, struct tu_error *err)
{
	const struct tu_dispositions *all = &d->answer.dispositions;
	struct tu_disposition *list =
		tu_arena_array(d->design.arena, all->count + 1, sizeof(*list));
	size_t count = 0;
	bool found = false;

	if (!list)
		return tu_no_memory(err);
	for (size_t i = 0; i < all->count; i++) {
		bool is_it = tu_str_eq(all->at[i].key, d->ask->key);

		found = found || is_it;
		if (!is_it)
			list[count++] = all->at[i];
		else if (decision)
			list[count++] = *decision;
	}
	if (!found && !decision)
		return tu_design_unknown(err, "threat");
	if (!found)
		list[count++] = *decision;
	*out = (struct tu_dispositions){list, count};
	return TU_OK;
}

/* The text is read again: the rules of the file are those of the core. */
static enum tu_status write_decisions(struct deciding *d, const struct tu_dispositions *all,
	struct writing *writing, struct tu_error *err)
{
	struct tu_dispositions again;
	struct tu_str copy = {0};
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, TEXT_MAX_BYTES);
	status = tu_dispositions_write(all, &text, err);
	if (status == TU_OK && !tu_arena_dup(d->design.arena, tu_buf_str(&text), &copy))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	if (status == TU_OK)
		status = tu_dispositions_read(
			d->design.arena, TU_STR("threats.yaml"), copy, &again, err);
	for (size_t i = 0; status == TU_OK && i < again.count; i++)
		if (!d->ask->take_back && tu_str_eq(again.at[i].key, d->ask->key))
			status = tu_disposition_digest(&again.at[i], writing->digest, err);
	writing->puts[writing->count++] = (struct tu_device_file_put){
		.path = TU_STR("threats.yaml"),
		.text = copy,
		.design = true,
		.threat = d->ask->key,
		.outcome = d->ask->take_back ? TU_STR("open")
					     : tu_str_c(tu_threat_outcome_name(d->ask->outcome))};
	writing->approve = d->ask->key;
	writing->take_back = d->ask->take_back;
	return status;
}

static enum tu_status decide(struct deciding *d, struct tu_error *err)
{
	struct writing writing = {.asked = &d->ask->asked, .design = &d->design};
	struct tu_disposition decision;
	struct tu_dispositions all;
	enum tu_status status = check_version(&d->design, d->ask->based_on, err);

	if (status == TU_OK)
		status = tu_design_judge(
			&d->design, (struct tu_str){0}, d->act->at / 1000000, &d->answer, err);
	if (status == TU_OK && !d->ask->take_back)
		status = compose(d, &decision, err);
	if (status == TU_OK)
		status = list_with(d, d->ask->take_back ? NULL : &decision, &all, err);
	if (status == TU_OK)
		status = write_decisions(d, &all, &writing, err);
	return status ? status : write_all(d->act, &writing, err);
}

enum tu_status tu_design_decide(
	const struct tu_act *act, const struct tu_design_decision *decision, struct tu_error *err)
{
	struct deciding d = {.act = act, .ask = decision};
	struct tu_arena *arena = tu_arena_new(MEMORY_MAX);
	enum tu_status status =
		arena ? tu_design_open(&decision->asked, arena, &d.design, err) : tu_no_memory(err);

	if (status == TU_OK)
		status = tu_actor_called(decision->asked.store, act, arena, &d.by, err);
	if (status == TU_OK)
		status = decide(&d, err);
	tu_threat_answer_done(&d.answer);
	tu_arena_free(arena);
	return status;
}
