"""Which push plans and refreshes a person may hear of."""

from youtube_sync.models import PushPlan, RefreshRun
from ytmanager.realtime.subjects import subject

subject("plan", PushPlan)
subject("refresh", RefreshRun)
