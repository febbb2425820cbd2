"""The application's commands: kept, judged, permitted."""
