#include "api/threat_trace.h"

#include "api/sheet.h"
#include "report/threat_page.h"

struct row {
	struct tu_str key, rule, threat, place, place_name, stride, category, severity;
	int64_t patients;
	struct tu_str state, control, control_title, requirement, evidence;
	int64_t exploitability_before, exploitability_after;
	struct tu_str risk_before, risk_after, reasons;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct row, key, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, rule, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, threat, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, place, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, place_name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, stride, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, category, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, severity, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct row, patients, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct row, state, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, control, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct row, control_title, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct row, requirement, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct row, evidence, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct row, exploitability_before, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct row, exploitability_after, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct row, risk_before, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, risk_after, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, reasons, TU_API_TEXT, TU_API_OPT),
};
static const struct tu_api_table table = TU_API_TABLE("ThreatTrace", struct row, columns);

enum { ALL = (1 << (sizeof(columns) / sizeof(*columns))) - 1, REASONS_MAX = 65536 };

static int64_t level_or_none(uint32_t level)
{
	return level ? (int64_t)level : TU_API_NONE;
}

/* "authentication: none; medium: ip" */
static bool join_reasons(struct tu_arena *arena, const struct tu_threat *threat, struct tu_str *out)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, REASONS_MAX);
	for (size_t i = 0; i < threat->reasons.count; i++) {
		const struct tu_threat_reason *reason = &threat->reasons.at[i];
		struct tu_str value = reason->value.len ? reason->value : TU_STR("not stated");

		tu_buf_printf(&text, "%s%.*s: %.*s", i ? "; " : "", TU_STR_FMT(reason->subject),
			TU_STR_FMT(value));
	}
	fine = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return fine;
}

static struct row row_of(const struct tu_threat_answer *answer, const struct tu_threat *threat)
{
	const struct tu_model *model = answer->model;
	struct tu_spot spot = threat->spot;

	return (struct row){.key = threat->key,
		.rule = threat->rule,
		.threat = threat->title,
		.place = tu_threat_spot_id(model, spot),
		.place_name = spot.is_flow ? model->flows[spot.index].name
					   : model->elements[spot.index].name,
		.stride = tu_str_of(&threat->stride, 1),
		.category = tu_str_c(tu_fda_category_name(threat->category)),
		.severity = threat->graded ? tu_str_c(tu_harm_name(threat->severity))
					   : (struct tu_str){"", 0},
		.patients = threat->reach == TU_MODEL_UNSTATED || threat->reach > INT64_MAX
			? TU_API_NONE
			: (int64_t)threat->reach,
		.state = tu_str_c(tu_threat_outcome_name(threat->outcome)),
		.exploitability_before = level_or_none(threat->exploit_before),
		.exploitability_after = level_or_none(threat->exploit_after),
		.risk_before = tu_str_c(tu_risk_name(threat->risk_before)),
		.risk_after = tu_str_c(tu_risk_name(threat->risk_after))};
}

static void add_control(const struct tu_model_control *control, struct row *row)
{
	row->control = control->id;
	row->control_title = control->title;
	row->requirement = control->requirement;
	row->evidence = control->evidence;
}

typedef enum tu_status take_row(void *to, const struct row *row, struct tu_error *err);

static enum tu_status each_row(
	const struct tu_threat_answer *answer, take_row *take, void *to, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < answer->threats.count && !status; i++) {
		const struct tu_threat *threat = &answer->threats.at[i];
		struct row row = row_of(answer, threat);

		if (!join_reasons(answer->arena, threat, &row.reasons))
			return tu_no_memory(err);
		for (size_t j = 0; (j == 0 || j < threat->controls.count) && !status; j++) {
			if (threat->controls.count)
				add_control(&answer->model->controls[threat->controls.at[j]], &row);
			status = take(to, &row, err);
		}
	}
	return status;
}

enum tu_status tu_threat_trace_page(
	const struct tu_threat_answer *answer, struct tu_sink *out, struct tu_error *err)
{
	const struct tu_threat_page_input input = {.tool = TU_STR("tutela " TUTELA_VERSION),
		.at = answer->at,
		.arena = answer->arena,
		.model = answer->model,
		.device = answer->folder.device,
		.packs = answer->packs,
		.pack_count = answer->pack_count,
		.threats = answer->threats,
		.dispositions = answer->dispositions,
		.lints = answer->lints};

	return tu_threat_page_write(&input, out, err);
}

static enum tu_status take_csv(void *to, const struct row *row, struct tu_error *err)
{
	struct tu_sink *out = to;

	(void)err;
	tu_api_csv_row(&table, ALL, row, &out->buf);
	tu_sink_spill(out);
	return TU_OK;
}

enum tu_status tu_threat_trace_csv(
	const struct tu_threat_answer *answer, struct tu_sink *out, struct tu_error *err)
{
	tu_api_csv_head(&table, ALL, &out->buf);
	return each_row(answer, take_csv, out, err);
}

static enum tu_status take_xlsx(void *to, const struct row *row, struct tu_error *err)
{
	return tu_api_sheet_rows(to, &(struct tu_api_rows){row, 1}, err);
}

enum tu_status tu_threat_trace_xlsx(
	const struct tu_threat_answer *answer, struct tu_sink *out, struct tu_error *err)
{
	struct tu_api_sheet *sheet = NULL;
	enum tu_status status = tu_api_sheet_new(&table, ALL, &sheet, err);

	if (status == TU_OK)
		status = each_row(answer, take_xlsx, sheet, err);
	return tu_api_sheet_end(sheet, status, &out->buf, err);
}
