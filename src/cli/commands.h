/*
 * The rows of commands.c; each is defined beside the function that runs it.
 */
#ifndef TU_CLI_COMMANDS_H
#define TU_CLI_COMMANDS_H

#include "cli/command.h"

extern const struct tu_command tu_cmd_push, tu_cmd_pull, tu_cmd_scan, tu_cmd_explain, tu_cmd_assess,
	tu_cmd_decide, tu_cmd_deadlines, tu_cmd_report, tu_cmd_device, tu_cmd_device_new,
	tu_cmd_device_check, tu_cmd_device_qr, tu_cmd_sbom, tu_cmd_sbom_show, tu_cmd_sbom_check,
	tu_cmd_sbom_diff, tu_cmd_sbom_merge, tu_cmd_sbom_convert, tu_cmd_vex, tu_cmd_vex_show,
	tu_cmd_vex_check, tu_cmd_vex_write, tu_cmd_csaf, tu_cmd_csaf_validate, tu_cmd_csaf_tests,
	tu_cmd_kb, tu_cmd_kb_sync, tu_cmd_kb_info, tu_cmd_kb_show, tu_cmd_kb_search,
	tu_cmd_kb_build, tu_cmd_kb_keygen, tu_cmd_kb_export, tu_cmd_kb_import, tu_cmd_cvss,
	tu_cmd_threat, tu_cmd_threat_check, tu_cmd_threat_list, tu_cmd_threat_view,
	tu_cmd_threat_report, tu_cmd_threat_diff, tu_cmd_threat_paths, tu_cmd_threat_import,
	tu_cmd_threat_export, tu_cmd_ssvc, tu_cmd_ssvc_tables, tu_cmd_rubric, tu_cmd_version,
	tu_cmd_version_compare, tu_cmd_version_in, tu_cmd_version_range, tu_cmd_version_schemes,
	tu_cmd_purl, tu_cmd_cpe, tu_cmd_cpe_match, tu_cmd_ledger, tu_cmd_ledger_verify,
	tu_cmd_ledger_export, tu_cmd_ledger_checkpoint;

/* Of the design. */
extern const struct tu_command tu_cmd_concept;

/* From other tools. */
extern const struct tu_command tu_cmd_import, tu_cmd_import_dependency_track;

/* The service. */
extern const struct tu_command tu_cmd_serve;

/* Of data folders. */
extern const struct tu_command tu_cmd_proposals, tu_cmd_approve, tu_cmd_reject, tu_cmd_admin,
	tu_cmd_admin_init, tu_cmd_admin_status, tu_cmd_admin_move, tu_cmd_admin_erase,
	tu_cmd_admin_user, tu_cmd_admin_user_add, tu_cmd_admin_user_list, tu_cmd_admin_user_disable,
	tu_cmd_admin_user_password, tu_cmd_admin_user_unlock, tu_cmd_admin_user_reset_factor,
	tu_cmd_admin_user_link, tu_cmd_admin_user_unlink, tu_cmd_admin_sso_secret,
	tu_cmd_admin_notify, tu_cmd_admin_notify_list, tu_cmd_admin_notify_test, tu_cmd_admin_team,
	tu_cmd_admin_team_add, tu_cmd_admin_team_list, tu_cmd_admin_token, tu_cmd_admin_team_join,
	tu_cmd_admin_team_leave, tu_cmd_admin_team_rename, tu_cmd_admin_key, tu_cmd_admin_key_add,
	tu_cmd_admin_key_list, tu_cmd_admin_key_revoke, tu_cmd_admin_job, tu_cmd_admin_job_list,
	tu_cmd_admin_job_cancel, tu_cmd_admin_job_release, tu_cmd_admin_knowledge,
	tu_cmd_admin_reload, tu_cmd_admin_stop, tu_cmd_backup, tu_cmd_restore, tu_cmd_doctor;

#endif
