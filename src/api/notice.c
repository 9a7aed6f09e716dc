/* Notices to authorities as prepared texts: what `tutela report --notice` writes, from the store.
 */
#include <tutela/sink.h>

#include "api/call.h"
#include "portfolio/deadlines.h"
#include "portfolio/scope.h"
#include "report/notice.h"
#include "service/service.h"

#define NOTICE_MAX ((size_t)1 << 24)

struct noticing {
	struct tu_api_call *call;
	const struct tu_notice_kind *kind;
	enum tu_notice_format format;
	struct tu_sink sink;
};

static const struct {
	const char *name, *type;
	enum tu_notice_format format;
} formats[] = {{"text", "text/plain; charset=utf-8", TU_NOTICE_TEXT},
	{"html", "text/html; charset=utf-8", TU_NOTICE_HTML},
	{"json", "application/json", TU_NOTICE_JSON}};

static enum tu_status find_and_write(struct tu_work *w, void *self, struct tu_error *err)
{
	struct noticing *n = self;
	const struct tu_kb *kb = n->call->kb->kb;
	struct tu_str id = tu_api_query(n->call, "vulnerability");
	struct tu_deadline_device device;
	struct tu_device_row row;
	enum tu_status status = tu_device_find(w, n->call->path[0], &row, err);

	tu_sink_done(&n->sink); /* it may be run again */
	tu_sink_init_memory(&n->sink, NOTICE_MAX);
	if (status == TU_E_NOTFOUND ||
		(status == TU_OK && !tu_scope_has(&n->call->who.scope, row.id)))
		return tu_api_unknown(err, "device");
	if (status == TU_OK)
		status = tu_deadline_device(w, &row, kb, &device, err);
	for (size_t i = 0; status == TU_OK && i < device.of.case_count; i++)
		if (tu_deadline_case_is_about(kb, &device.of.cases[i], id))
			return tu_notice_write(n->kind,
				&(struct tu_notice_input){.tool = TU_STR("tutela " TUTELA_VERSION),
					.at = tu_work_seconds(w),
					.device = device.model,
					.kb = kb,
					.of = &device.of.cases[i],
					.deadlines = &device.of.clocks[i]},
				n->format, &n->sink, err);
	if (status != TU_OK)
		return status;
	return tu_fail(err, TU_E_NOTFOUND, 0,
		"no approved decision of this device is about it: a notice is made from one, and "
		"that there is none says nothing of whether the device has it");
}

enum tu_status tu_api_get_device_notice(struct tu_api_call *call, struct tu_error *err)
{
	struct noticing n = {.call = call, .kind = tu_notice_kind_by_name(call->path[1])};
	struct tu_str wanted = tu_api_query(call, "format");
	enum tu_status status = TU_OK;
	size_t at = 0;

	while (wanted.len && !tu_str_eq(wanted, tu_str_c(formats[at].name)))
		at++; /* the document allows these words only */
	if (!n.kind)
		return tu_api_unknown(err, "kind of notice");
	if (!tu_api_query_given(call, "vulnerability"))
		return tu_fail(err, TU_E_SYNTAX, 0,
			"the query needs \"vulnerability\": which one the notice is about");
	n.format = formats[at].format;
	tu_sink_init_memory(&n.sink, NOTICE_MAX);
	status = tu_api_kb(call, err);
	if (status == TU_OK)
		status = tu_api_read(call, find_and_write, &n, err);
	if (status == TU_OK && n.sink.buf.failed)
		status = tu_no_memory(err);
	if (status == TU_OK)
		tu_api_answer_buf(call, formats[at].type, &n.sink.buf, TU_STR(""));
	tu_sink_done(&n.sink);
	return status;
}
