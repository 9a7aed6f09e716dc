#include "app/publish.h"

#include "assess/publish.h"
#include "base/input.h"

/* "larkspur-ip-200-vex", with the vulnerability where there is only one. */
static void name_document(const struct tu_publish_request *request, struct tu_publish_answer *a)
{
	static const char *const kinds[TU_ISSUE_FORMATS] = {[TU_ISSUE_OPENVEX] = "vex",
		[TU_ISSUE_CYCLONEDX] = "vex",
		[TU_ISSUE_CSAF_VEX] = "vex",
		[TU_ISSUE_CSAF_ADVISORY] = "advisory",
		[TU_ISSUE_NOTICE_HTML] = "notice",
		[TU_ISSUE_NOTICE_TEXT] = "notice"};
	const struct tu_device *device = a->used->device;
	const char *kind = kinds[request->format];

	tu_buf_printf(&a->id, "%.*s-%s", TU_STR_FMT(device->id), kind);
	if (request->id_count == 1)
		tu_buf_printf(&a->id, "-%s", request->ids[0]);
	if (request->release)
		tu_buf_printf(&a->id, "-%s", request->release);
	tu_buf_printf(&a->title, "%.*s: %s", TU_STR_FMT(device->family),
		kind[0] == 'v' ? "vulnerability exploitability" : "security notice");
	if (request->id_count == 1)
		tu_buf_printf(&a->title, " of %s", request->ids[0]);
	a->issue.id = request->document_id ? tu_str_c(request->document_id) : tu_buf_str(&a->id);
	a->issue.title = tu_buf_str(&a->title);
	a->issue.summary = tu_str_c(request->summary);
	a->issue.generator = tu_str_c(request->generator);
	a->issue.tlp = request->tlp;
	a->issue.at = request->created;
	a->issue.previous = tu_buf_str(&a->previous);
}

static enum tu_status open_folder(const struct tu_publish_request *request,
	struct tu_publish_answer *a, bool *out_assess, struct tu_error *err)
{
	enum tu_status status = tu_device_folder_open(request->folder, &a->folder, err);
	size_t release;

	*out_assess = false;
	a->used = &a->folder;
	a->warnings.arena = a->folder.arena;
	if (status != TU_OK || !request->release)
		return status;
	status = tu_device_folder_release(&a->folder, request->release, &release, err);
	if (status != TU_OK)
		return status;
	*out_assess = a->folder.device->releases[release].sbom.len > 0;
	if (!*out_assess)
		tu_warn(&a->warnings, TU_WARN_NO_SBOM,
			"release %s has no SBOM: what earlier decisions say of it is not known",
			request->release);
	return TU_OK;
}

/* An assessment is about the decisions that it read itself: its folder takes the place of ours. */
static enum tu_status assess(const struct tu_app_context *context,
	const struct tu_publish_request *request, struct tu_publish_answer *a, struct tu_error *err)
{
	const struct tu_assess_request asked = {.folder = request->folder,
		.release = request->release,
		.kb = request->kb,
		.at = request->at};

	a->used = &a->assessed.folder;
	return tu_app_assess(context, &asked, &a->assessed, err);
}

static enum tu_status read_sbom(
	void *self, size_t release, const struct tu_inventory **out_inventory, struct tu_error *err)
{
	const struct tu_publish_answer *a = self;
	struct tu_str name = a->used->device->releases[release].sbom;
	const char *path;

	if (!name.len)
		return TU_OK;
	path = tu_device_folder_path(a->used, name);
	if (!path)
		return tu_no_memory(err);
	return tu_sbom_file_of_release(a->used->arena, path, out_inventory, err);
}

static enum tu_status gather(
	const struct tu_publish_request *request, struct tu_publish_answer *a, struct tu_error *err)
{
	const struct tu_publish_input input = {.arena = a->used->arena,
		.device = a->used->device,
		.decisions = a->used->decisions,
		.decision_count = a->used->decision_count,
		.assessed = a->assessed.result,
		.release = request->release,
		.ids = request->ids,
		.id_count = request->id_count,
		.kb = a->assessed.result ? a->assessed.matching.report.kb : a->kb.kb,
		.at = request->at,
		.read_sbom = read_sbom,
		.self = a};
	size_t expired = 0;
	enum tu_status status = tu_assess__publish(&input, &a->issue, &expired, err);

	if (status == TU_OK && expired)
		tu_warn(&a->warnings, TU_WARN_EXPIRED, "%zu decision%s ended and %s left out",
			expired, expired == 1 ? " has" : "s have", expired == 1 ? "is" : "are");
	return status;
}

enum tu_status tu_app_publish(const struct tu_app_context *context,
	const struct tu_publish_request *request, struct tu_publish_answer *a, struct tu_error *err)
{
	bool assessed;
	enum tu_status status;

	*a = (struct tu_publish_answer){0};
	tu_buf_init(&a->previous, (size_t)1 << 30);
	tu_buf_init(&a->id, 1 << 16);
	tu_buf_init(&a->title, 1 << 16);
	status = open_folder(request, a, &assessed, err);
	if (status == TU_OK && assessed)
		status = assess(context, request, a, err);
	else if (status == TU_OK)
		status = tu_kb_file_open(context, request->kb, TU_KB_VERIFY_ONCE, &a->kb, err);
	if (status == TU_OK)
		status = gather(request, a, err);
	if (status == TU_OK && request->previous)
		status = tu_input_read(request->previous, &a->previous, err);
	if (status != TU_OK)
		return status;
	name_document(request, a);
	return a->warnings.failed ? tu_no_memory(err) : TU_OK;
}

void tu_publish_done(struct tu_publish_answer *a)
{
	tu_buf_done(&a->title);
	tu_buf_done(&a->id);
	tu_buf_done(&a->previous);
	tu_assess_done(&a->assessed);
	tu_kb_file_close(&a->kb);
	tu_device_folder_done(&a->folder);
}
