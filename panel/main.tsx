import './styles/index.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { preferredLanguage, setLanguage } from './words/words.ts';

const root = document.getElementById('panel');
if (!root) throw new Error('The page has no place for the panel');
await setLanguage(preferredLanguage());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
