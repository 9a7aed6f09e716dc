/* The label of a device, as a QR code. */
#include "api/call.h"
#include "app/label.h"
#include "app/qr.h"
#include "portfolio/device.h"

enum { IMAGE_MAX = 4 << 20 };

static enum tu_status answer(struct tu_api_call *call, struct tu_str text, struct tu_error *err)
{
	struct tu_str image = tu_api_query(call, "image");
	bool is_png = tu_str_eq(image, TU_STR("png"));
	struct tu_buf out;
	enum tu_status status = TU_OK;

	tu_buf_init(&out, IMAGE_MAX);
	if (tu_str_eq(image, TU_STR("text"))) {
		tu_buf_str_add(&out, text);
		tu_api_answer_buf(call, "text/plain", &out, TU_STR("label.txt"));
	} else {
		status = tu_qr_write(text, is_png ? TU_QR_PNG : TU_QR_SVG, &out, err);
		if (status == TU_OK)
			tu_api_answer_buf(call, is_png ? "image/png" : "image/svg+xml", &out,
				is_png ? TU_STR("label.png") : TU_STR("label.svg"));
	}
	tu_buf_done(&out);
	return status;
}

enum tu_status tu_api_get_device_label(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_device_opened opened = {.scope = &call->who.scope, .name = call->path[0]};
	struct tu_label label = {.variant = tu_api_query(call, "variant"),
		.release = tu_api_query(call, "release"),
		.domain = tu_api_query(call, "domain"),
		.address = tu_api_query_true(call, "address")};
	struct tu_str text;
	enum tu_status status = tu_device_open(tu_api_store(call), call->arena, &opened, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	label.device = opened.model;
	if (status == TU_OK)
		status = tu_label_text(&label, call->arena, &text, err);
	return status ? status : answer(call, text, err);
}
