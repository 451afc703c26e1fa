// The Django admin in our colours; its own switch of themes stays in charge.

import './admin.css';
