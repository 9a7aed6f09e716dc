#include "app/publish.h"

#include "assess/publish.h"
#include "base/input.h"
#include "device/placeholder.h"

static const char *const kinds[TU_ISSUE_FORMATS] = {[TU_ISSUE_OPENVEX] = "vex",
	[TU_ISSUE_CYCLONEDX] = "vex",
	[TU_ISSUE_CSAF_VEX] = "vex",
	[TU_ISSUE_CSAF_ADVISORY] = "advisory",
	[TU_ISSUE_NOTICE_HTML] = "notice",
	[TU_ISSUE_NOTICE_TEXT] = "notice"};

/* "larkspur-ip-200-vex", with the vulnerability where there is only one. */
void tu_publish_document_id(const struct tu_publish_request *request,
	const struct tu_device *device, struct tu_buf *out)
{
	tu_buf_printf(out, "%.*s-%s", TU_STR_FMT(device->id), kinds[request->format]);
	if (request->id_count == 1)
		tu_buf_printf(out, "-%s", request->ids[0]);
	if (request->release)
		tu_buf_printf(out, "-%s", request->release);
}

static void name_document(const struct tu_publish_request *request, struct tu_publish_answer *a)
{
	const struct tu_device *device = a->used->device;
	const char *kind = kinds[request->format];

	tu_publish_document_id(request, device, &a->id);
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
	a->issue.withheld = request->withheld;
	a->issue.withheld_count = request->withheld_count;
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

	if (a->read_sbom)
		return a->read_sbom(a->read_self, release, out_inventory, err);
	if (!name.len)
		return TU_OK;
	path = tu_device_folder_path(a->used, name);
	if (!path)
		return tu_no_memory(err);
	return tu_sbom_file_of_release(a->used->arena, path, out_inventory, err);
}

static void tell_release(void *self, size_t index, bool stated)
{
	struct tu_publish_answer *a = self;
	const struct tu_release *release = &a->used->device->releases[index];

	tu_warn(&a->warnings, TU_WARN_IDENTITY,
		stated ? "release %.*s: the subject of its SBOM %.*s does not have the purl "
			 "or CPE of device.yaml: who has the SBOM cannot match the statements"
		       : "release %.*s: the subject of its SBOM %.*s has no purl and no CPE by "
			 "which others could match the statements; give it one",
		TU_STR_FMT(release->version), TU_STR_FMT(release->sbom));
}

/* ---- what prevents a document ---- */

static enum tu_status check_placeholders(struct tu_publish_answer *a, struct tu_error *err)
{
	struct tu_placeholder left[TU_PLACEHOLDERS_MAX];
	size_t count = tu_device__placeholders(a->used->device, left);
	struct tu_str namespace_ = a->used->device->manufacturer.namespace_;

	for (size_t i = 0; i < count; i++)
		if (left[i].published)
			return tu_fail(err, TU_E_USAGE, 0,
				"%.*s: %s is still the template's \"%.*s\": state your own before "
				"anything is published",
				TU_STR_FMT(a->used->device->file), left[i].field,
				TU_STR_FMT(left[i].value));
	if (tu_device__is_reserved(namespace_))
		tu_warn(&a->warnings, TU_WARN_PLACEHOLDER,
			"manufacturer.namespace \"%.*s\" is a domain for examples: state your own",
			TU_STR_FMT(namespace_));
	return TU_OK;
}

/* All of them are reported; then nothing is written. */
static enum tu_status check_decisions(struct tu_publish_answer *a, struct tu_error *err)
{
	struct tu_str file = {0};
	size_t count = 0;

	for (size_t i = 0; i < a->issue.entry_count; i++) {
		const struct tu_issue_entry *entry = &a->issue.entries[i];
		const char *fault = tu_issue_fault(entry);

		if (!fault || tu_str_eq(entry->file, file)) /* the same for another release */
			continue;
		file = entry->file;
		count++;
		tu_warn(&a->warnings, TU_WARN_DECISION, "%.*s: %.*s in %.*s: %s", TU_STR_FMT(file),
			TU_STR_FMT(entry->vulnerability), TU_STR_FMT(entry->component), fault);
	}
	if (!count)
		return TU_OK;
	return tu_fail(err, TU_E_SYNTAX, 0, "%zu decision%s cannot be stated: nothing is written",
		count, count == 1 ? "" : "s");
}

static const char *why_unnamed(const struct tu_publish_request *request,
	const struct tu_publish_answer *a, const struct tu_issue_entry *entry)
{
	size_t release =
		tu_device_release(a->used->device, a->issue.products[entry->products[0]].version);

	if (!entry->part_count)
		return release != TU_NO_RELEASE && a->used->device->releases[release].sbom.len
			? "the decision selects no component of the SBOM"
			: "there is no SBOM and the decision has neither purl nor CPE";
	if (request->format == TU_ISSUE_CYCLONEDX)
		return "CycloneDX needs a BOM-Link: a serial number of the SBOM (urn:uuid:…) and a "
		       "bom-ref";
	return "other components have the same purl, CPE and hashes, and there is no serial number "
	       "(urn:uuid:…) and bom-ref to link to";
}

static void tell_unnamed(const struct tu_publish_request *request, struct tu_publish_answer *a)
{
	for (size_t i = 0; i < a->issue.entry_count; i++) {
		const struct tu_issue_entry *entry = &a->issue.entries[i];
		size_t named = tu_issue_named(request->format, entry);
		bool writes = tu_issue_writes(request->format, entry);

		if (entry->whole || (named && named == entry->part_count) ||
			tu_issue_is_notice(request->format))
			continue;
		tu_warn(&a->warnings, TU_WARN_UNNAMED,
			"%.*s in %.*s, release %.*s: nothing names %s alone (%s): %s",
			TU_STR_FMT(entry->vulnerability), TU_STR_FMT(entry->component),
			TU_STR_FMT(a->issue.products[entry->products[0]].version),
			named ? "some of the components" : "the component",
			why_unnamed(request, a, entry),
			named		 ? "the statement is about the others"
				: writes ? "the statement is about the product as a whole"
					 : "no statement is written");
	}
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
		.kb = a->assessed.result ? a->assessed.matching.report.kb
			: a->titles	 ? a->titles
					 : a->kb.kb,
		.own = a->own,
		.plain = request->plain,
		.at = request->at,
		.read_sbom = read_sbom,
		.tell_release = tell_release,
		.self = a};
	size_t expired = 0;
	enum tu_status status = tu_assess__publish(&input, &a->issue, &expired, err);

	if (status == TU_OK && expired)
		tu_warn(&a->warnings, TU_WARN_EXPIRED, "%zu decision%s ended and %s left out",
			expired, expired == 1 ? " has" : "s have", expired == 1 ? "is" : "are");
	if (status == TU_OK)
		status = check_placeholders(a, err);
	if (status == TU_OK)
		status = check_decisions(a, err);
	if (status == TU_OK)
		tell_unnamed(request, a);
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

enum tu_status tu_app_publish_read(
	const struct tu_publish_request *request, struct tu_publish_answer *a, struct tu_error *err)
{
	enum tu_status status;

	a->warnings = (struct tu_warnings){.arena = a->used->arena};
	tu_buf_init(&a->id, 1 << 16);
	tu_buf_init(&a->title, 1 << 16);
	status = gather(request, a, err);
	if (status != TU_OK)
		return status;
	name_document(request, a);
	return a->warnings.failed || a->id.failed || a->title.failed ? tu_no_memory(err) : TU_OK;
}

void tu_publish_read_done(struct tu_publish_answer *a)
{
	tu_buf_done(&a->title);
	tu_buf_done(&a->id);
	tu_buf_done(&a->previous);
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
