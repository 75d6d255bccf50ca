"""What of this machine a talk needs: checked, measured, and written down for support."""
