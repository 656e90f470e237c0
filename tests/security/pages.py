"""Who may open which page of the admin: the least role, for GET and for POST.

`O` everybody who signed in, `V` viewers, `E` editors, `P` publishers,
`A` administrators, `-` nobody but a superuser, `.` no such method. A letter stands for
the role and those above it.
"""

# The pages that every model has, in this order.
STANDARD = ("changelist", "add", "change", "delete", "history")

MODELS = {
    "auth_group": "AA AA AA AA AA",
    "auth_user": "AA AA AA AA AA",
    "axes_accessattempt": "-- -- -- -- --",
    "axes_accessfailurelog": "-- -- -- -- --",
    "axes_accesslog": "-- -- -- -- --",
    "catalog_asset": "VV -- V- -- VV",
    "catalog_change": "VV -- V- -- VV",
    "catalog_changeset": "VV -- V- -- VV",
    "catalog_channel": "VV -- VE -- VV",
    "catalog_claim": "VV -- V- -- VV",
    "catalog_columnmapping": "VV -- V- EE VV",
    "catalog_conflict": "VV -- V- -- VV",
    "catalog_contentowner": "VV AA VA -- VV",
    "catalog_neversplitname": "VV EE VE EE VV",
    "catalog_nonyoutubeshorts": "VV -- V- -- VV",
    "catalog_ownershipconflict": "VV -- V- -- VV",
    "catalog_release": "VV -- V- -- VV",
    "catalog_releaselist": "VV EE VV -- VV",
    "catalog_releasematch": "VV -- V- -- VV",
    "catalog_shortsverdict": "VV -- V- -- VV",
    "catalog_spreadsheet": "VV EE VV -- VV",
    "catalog_video": "VV -- VE -- VV",
    "catalog_youtubeshorts": "VV -- V- -- VV",
    "procrastinate_procrastinatejob": "-- -- -- -- --",
    "reports_report": "VV EE V- -- VV",
    "reports_reportrowerror": "VV -- V- -- VV",
    "reports_reportsource": "VV AA VA AA VV",
    "webhooks_webhookdelivery": "AA -- A- -- AA",
    "webhooks_webhookendpoint": "AA AA AA -- AA",
    "youtube_sync_metadatasync": "VV -- V- -- VV",
    "youtube_sync_planitem": "VV -- V- -- VV",
    "youtube_sync_pushplan": "VV -- V- -- VV",
    "youtube_sync_quotaentry": "VV -- V- -- VV",
    "youtube_sync_refreshrun": "VV -- V- -- VV",
    "youtube_sync_youtubeaccount": "VV AA V- -- VV",
    "ytmanager_apitoken": "OO OO O- -- OO",
    "ytmanager_auditentry": "AA -- A- -- AA",
    "ytmanager_backup": "AA -- A- -- AA",
    "ytmanager_notification": "OO -- O- -- OO",
}

# Every other page, by the name of its address; the page of signing in is for all.
PAGES = {
    "admin_password_reset": "OO",
    "auth_user_password_change": "AA",
    "app_list": "OO",
    "autocomplete": "V.",
    "catalog_changeset_apply": ".E",
    "catalog_changeset_cancel": ".E",
    "catalog_changeset_discard": ".E",
    "catalog_changeset_edit": "EE",
    "catalog_changeset_paste": "EE",
    "catalog_changeset_resume": ".E",
    "catalog_changeset_revert": ".E",
    "catalog_changeset_rows": ".E",
    "catalog_changeset_spellings": "EE",
    "catalog_changeset_start_pasted": ".E",
    "catalog_channel_clean_custom_ids": "EE",
    "catalog_channel_export": "VV",
    "catalog_channel_restore": ".E",
    "catalog_conflict_decide": ".E",
    "catalog_releaselist_columns": "EE",
    "catalog_releaselist_findings": "VV",
    "catalog_releaselist_match": ".E",
    "catalog_releasematch_accept": ".E",
    "catalog_releasematch_fill": ".E",
    "catalog_shortsverdict_decide": ".E",
    "catalog_shortsverdict_probe": ".E",
    "catalog_shortsverdict_review": "EE",
    "catalog_shortsverdict_rules": ".E",
    "catalog_shortsverdict_undo": ".E",
    "catalog_spreadsheet_columns": "EE",
    "catalog_spreadsheet_compare": ".E",
    "catalog_spreadsheet_encoding": ".E",
    "catalog_spreadsheet_findings": "VV",
    "catalog_video_asset": ".E",
    "catalog_video_conflict": ".E",
    "catalog_video_export": "VV",
    "catalog_video_restore": ".E",
    "catalog_video_short": ".E",
    "index": "OO",
    "jsi18n": "O.",
    "logout": ".O",
    "password_change": "OO",
    "password_change_done": "O.",
    "password_reset_complete": "O.",
    "password_reset_confirm": "OO",
    "password_reset_done": "O.",
    "remove_sample": "AA",
    "reports_report_answer": ".E",
    "reports_report_cancel": ".E",
    "reports_report_changes": "VV",
    "reports_report_changes_csv": "VV",
    "reports_report_import": ".E",
    "reports_report_latest_changes": "VV",
    "reports_report_look": ".E",
    "reports_report_rejects": "VV",
    "reports_reportsource_check": ".A",
    "reports_reportsource_look": ".A",
    "search": "OO",
    "system_status": "AA",
    "view_on_site": "OO",
    "webhooks_webhookendpoint_remove": ".A",
    "webhooks_webhookendpoint_rotate": ".A",
    "webhooks_webhookendpoint_switch": ".A",
    "webhooks_webhookendpoint_test": ".A",
    "youtube_sync_pushplan_back": ".P",
    "youtube_sync_pushplan_cancel": ".P",
    "youtube_sync_pushplan_confirm": ".P",
    "youtube_sync_pushplan_first": ".P",
    "youtube_sync_pushplan_items": ".P",
    "youtube_sync_pushplan_pause": ".P",
    "youtube_sync_pushplan_resume": ".P",
    "youtube_sync_pushplan_retry": ".P",
    "youtube_sync_pushplan_sheet": "PP",
    "youtube_sync_pushplan_sheets": "PP",
    "youtube_sync_pushplan_undo": ".P",
    "youtube_sync_refreshrun_cancel": ".P",
    "youtube_sync_refreshrun_start": ".P",
    "youtube_sync_refreshrun_video": ".P",
    "youtube_sync_sync_video": "PP",
    "youtube_sync_youtubeaccount_callback": "AA",
    "youtube_sync_youtubeaccount_disconnect": ".A",
    "youtube_sync_youtubeaccount_refresh_channels": ".P",
    "ytmanager_backup_make": ".A",
    "ytmanager_notification_mail": "OO",
    "ytmanager_notification_open": "OO",
    "ytmanager_notification_read": ".O",
    "ytmanager_notification_unread": "OO",
}

# What can be done with ticked rows, by model.
ACTIONS = {
    "auth.group": {
        "delete_selected": "A",
    },
    "auth.user": {
        "delete_selected": "A",
    },
    "axes.accessattempt": {
        "cleanup_expired_attempts": "O",
    },
    "catalog.channel": {
        "hide": "E",
        "refresh_from_youtube": "P",
        "show_again": "E",
    },
    "catalog.columnmapping": {
        "delete_selected": "E",
    },
    "catalog.conflict": {
        "keep_ours": "E",
        "take_theirs": "E",
    },
    "catalog.neversplitname": {
        "delete_selected": "E",
    },
    "catalog.nonyoutubeshorts": {
        "mark_as_short": "E",
    },
    "catalog.releasematch": {
        "accept": "E",
        "refuse": "E",
        "reopen": "E",
    },
    "catalog.shortsverdict": {
        "are_no_shorts": "E",
        "are_shorts": "E",
    },
    "catalog.video": {
        "edit_many": "E",
        "export_ticked": "V",
        "hide": "E",
        "mark_as_administered": "E",
        "mark_as_no_short": "E",
        "mark_as_short": "E",
        "push_to_youtube": "P",
        "refresh_videos": "P",
        "remove_administered": "E",
        "show_again": "E",
    },
    "catalog.youtubeshorts": {
        "mark_as_no_short": "E",
    },
    "procrastinate.procrastinatejob": {
        "abort": "O",
        "cancel": "O",
        "retry": "O",
    },
    "reports.report": {
        "check_selected": "E",
        "import_selected": "E",
    },
    "reports.reportsource": {
        "delete_selected": "A",
    },
    "webhooks.webhookdelivery": {
        "send_again": "A",
    },
    "ytmanager.apitoken": {
        "revoke_selected": "O",
    },
    "ytmanager.backup": {
        "try_to_restore": "A",
    },
    "ytmanager.notification": {
        "mark_selected_read": "O",
    },
}

# What is heard on open pages and by `/api/events/`, by type.
EVENTS = {
    "bulk.progress": "V",
    "channel.changed": "V",
    "conflict.opened": "V",
    "notification": "O",
    "refresh.progress": "V",
    "report.progress": "V",
    "sync.status": "V",
    "video.changed": "V",
}

# What comes to the inbox, by kind; `job` is a person's own.
NOTICES = {
    "alarm": "V",
    "conflict": "V",
    "job": "O",
    "quota": "V",
    "reconnect": "V",
    "system": "A",
}

# On which pages people see each other.
ROOMS = {
    "asset": "V",
    "changeset": "V",
    "channel": "V",
    "plan": "V",
    "refresh": "V",
    "report": "V",
    "video": "V",
}
