/* The same things in the words of each target. */
#include "sbom/write/write.h"

#define NONE TU_STR_INIT("")

/* Columns: CycloneDX type (bom-1.6), SPDX 2.3 primaryPackagePurpose (clause 7.24), SPDX 3.0.1
 * software_primaryPurpose. */
struct tu_str tu_sbom__say_kind(enum tu_component_kind kind, enum tu_sbom_dialect dialect)
{
	static const struct tu_str words[][TU_DIALECTS_] = {
		[TU_KIND_UNKNOWN] = {NONE, NONE, NONE},
		[TU_KIND_APPLICATION] = {TU_STR_INIT("application"), TU_STR_INIT("APPLICATION"),
			TU_STR_INIT("application")},
		[TU_KIND_FRAMEWORK] = {TU_STR_INIT("framework"), TU_STR_INIT("FRAMEWORK"),
			TU_STR_INIT("framework")},
		[TU_KIND_LIBRARY] = {TU_STR_INIT("library"), TU_STR_INIT("LIBRARY"),
			TU_STR_INIT("library")},
		[TU_KIND_CONTAINER] = {TU_STR_INIT("container"), TU_STR_INIT("CONTAINER"),
			TU_STR_INIT("container")},
		[TU_KIND_OPERATING_SYSTEM] = {TU_STR_INIT("operating-system"),
			TU_STR_INIT("OPERATING_SYSTEM"), TU_STR_INIT("operatingSystem")},
		[TU_KIND_DEVICE] = {TU_STR_INIT("device"), TU_STR_INIT("DEVICE"),
			TU_STR_INIT("device")},
		[TU_KIND_FIRMWARE] = {TU_STR_INIT("firmware"), TU_STR_INIT("FIRMWARE"),
			TU_STR_INIT("firmware")},
		[TU_KIND_FILE] = {TU_STR_INIT("file"), TU_STR_INIT("FILE"), TU_STR_INIT("file")},
		[TU_KIND_PLATFORM] = {TU_STR_INIT("platform"), NONE, TU_STR_INIT("platform")},
		[TU_KIND_DEVICE_DRIVER] = {TU_STR_INIT("device-driver"), NONE,
			TU_STR_INIT("deviceDriver")},
		[TU_KIND_MODEL] = {TU_STR_INIT("machine-learning-model"), NONE,
			TU_STR_INIT("model")},
		[TU_KIND_DATA] = {TU_STR_INIT("data"), NONE, TU_STR_INIT("data")},
		[TU_KIND_CRYPTOGRAPHIC_ASSET] = {TU_STR_INIT("cryptographic-asset"), NONE, NONE},
		[TU_KIND_SOURCE] = {NONE, TU_STR_INIT("SOURCE"), TU_STR_INIT("source")},
		[TU_KIND_ARCHIVE] = {NONE, TU_STR_INIT("ARCHIVE"), TU_STR_INIT("archive")},
		[TU_KIND_INSTALL] = {NONE, TU_STR_INIT("INSTALL"), TU_STR_INIT("install")},
		[TU_KIND_OTHER] = {NONE, TU_STR_INIT("OTHER"), TU_STR_INIT("other")},
	};

	return words[kind][dialect];
}

/* Columns: CycloneDX hash-alg, SPDX 2.3 clause 7.10, SPDX 3.0.1 HashAlgorithm. The inventory has
 * CycloneDX's spelling, also for those that CycloneDX does not have. */
struct tu_str tu_sbom__say_algorithm(struct tu_str name, enum tu_sbom_dialect dialect)
{
	static const struct {
		struct tu_str name;
		bool cyclonedx;
		struct tu_str spdx2;
		struct tu_str spdx3;
	} known[] = {
		{TU_STR_INIT("SHA-1"), true, TU_STR_INIT("SHA1"), TU_STR_INIT("sha1")},
		{TU_STR_INIT("SHA-224"), false, TU_STR_INIT("SHA224"), TU_STR_INIT("sha224")},
		{TU_STR_INIT("SHA-256"), true, TU_STR_INIT("SHA256"), TU_STR_INIT("sha256")},
		{TU_STR_INIT("SHA-384"), true, TU_STR_INIT("SHA384"), TU_STR_INIT("sha384")},
		{TU_STR_INIT("SHA-512"), true, TU_STR_INIT("SHA512"), TU_STR_INIT("sha512")},
		{TU_STR_INIT("SHA3-256"), true, TU_STR_INIT("SHA3-256"), TU_STR_INIT("sha3_256")},
		{TU_STR_INIT("SHA3-384"), true, TU_STR_INIT("SHA3-384"), TU_STR_INIT("sha3_384")},
		{TU_STR_INIT("SHA3-512"), true, TU_STR_INIT("SHA3-512"), TU_STR_INIT("sha3_512")},
		{TU_STR_INIT("BLAKE2b-256"), true, TU_STR_INIT("BLAKE2b-256"),
			TU_STR_INIT("blake2b256")},
		{TU_STR_INIT("BLAKE2b-384"), true, TU_STR_INIT("BLAKE2b-384"),
			TU_STR_INIT("blake2b384")},
		{TU_STR_INIT("BLAKE2b-512"), true, TU_STR_INIT("BLAKE2b-512"),
			TU_STR_INIT("blake2b512")},
		{TU_STR_INIT("BLAKE3"), true, TU_STR_INIT("BLAKE3"), TU_STR_INIT("blake3")},
		{TU_STR_INIT("MD2"), false, TU_STR_INIT("MD2"), TU_STR_INIT("md2")},
		{TU_STR_INIT("MD4"), false, TU_STR_INIT("MD4"), TU_STR_INIT("md4")},
		{TU_STR_INIT("MD5"), true, TU_STR_INIT("MD5"), TU_STR_INIT("md5")},
		{TU_STR_INIT("MD6"), false, TU_STR_INIT("MD6"), TU_STR_INIT("md6")},
		{TU_STR_INIT("ADLER32"), false, TU_STR_INIT("ADLER32"), TU_STR_INIT("adler32")},
	};

	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (!tu_str_eq(known[i].name, name))
			continue;
		if (dialect == TU_SAY_CYCLONEDX)
			return known[i].cyclonedx ? known[i].name : TU_STR("");
		return dialect == TU_SAY_SPDX2 ? known[i].spdx2 : known[i].spdx3;
	}
	return TU_STR("");
}

/* Columns: CycloneDX impactAnalysisJustification, nothing, SPDX 3.0.1 VexJustificationType. */
struct tu_str tu_sbom__say_justification(struct tu_str word, enum tu_sbom_dialect dialect)
{
	static const struct tu_str known[][TU_DIALECTS_] = {
		{TU_STR_INIT("code_not_present"), NONE, TU_STR_INIT("vulnerableCodeNotPresent")},
		{TU_STR_INIT("code_not_reachable"), NONE,
			TU_STR_INIT("vulnerableCodeNotInExecutePath")},
		{TU_STR_INIT("protected_by_mitigating_control"), NONE,
			TU_STR_INIT("inlineMitigationsAlreadyExist")},
		{TU_STR_INIT("requires_configuration"), NONE, NONE},
		{TU_STR_INIT("requires_dependency"), NONE, NONE},
		{TU_STR_INIT("requires_environment"), NONE, NONE},
		{TU_STR_INIT("protected_by_compiler"), NONE, NONE},
		{TU_STR_INIT("protected_at_runtime"), NONE, NONE},
		{TU_STR_INIT("protected_at_perimeter"), NONE, NONE},
		{NONE, NONE, TU_STR_INIT("componentNotPresent")},
		{NONE, NONE, TU_STR_INIT("vulnerableCodeCannotBeControlledByAdversary")},
	};

	for (size_t i = 0; word.len && i < TU_COUNT(known); i++) {
		for (size_t k = 0; k < TU_DIALECTS_; k++) {
			if (tu_str_eq(known[i][k], word))
				return known[i][dialect];
		}
	}
	return TU_STR("");
}

void tu_sbom__say_detail(struct tu_sbom_writing *w, const struct tu_vex_claim *claim,
	enum tu_sbom_dialect dialect, struct tu_buf *out)
{
	struct tu_str detail = tu_claim_detail(claim);
	bool placed = tu_sbom__say_justification(claim->justification, dialect).len > 0;

	/* SPDX 3 has justifications of what is not affected only. */
	placed = placed && (dialect != TU_SAY_SPDX3 || claim->status == TU_CLAIM_NOT_AFFECTED);
	if (claim->justification.len && !placed) {
		tu_sbom__lose(w, TU_LOSS_JUSTIFICATION, NULL);
		tu_buf_str_add(out, claim->justification);
		if (detail.len)
			tu_buf_c(out, ": ");
	}
	tu_buf_str_add(out, detail);
	w->out->failed = w->out->failed || out->failed;
}
